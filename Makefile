.PHONY: check docs
check:
	python tests/check.py
docs:
	python -m sphinx -W --keep-going -b html docs build/site

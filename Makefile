.PHONY: check
check:
	python tests/check.py

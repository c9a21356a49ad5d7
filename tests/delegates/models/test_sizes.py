import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.models.sizes import billions, too_small


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("local", 0.5),
        ("local-large", 1.5),
        ("Qwen2.5-0.5B-Instruct", 0.5),
        ("qwen3:0.6b", 0.6),
        ("llama3.2:1b", 1.0),
        ("TinyLlama/TinyLlama-1.1B-Chat-v1.0", 1.1),
        ("smollm2:135m", 0.135),
        ("gemma-3-270m-it", 0.27),
        ("gemma3n:e2b", 2.0),
        ("qwen3-30b-a3b", 30.0),
        ("mixtral:8x7b", 7.0),
        ("Qwen2.5-7B-Instruct-1M", 7.0),
        ("qwen2.5-coder:1.5b-instruct-q4_K_M@ollama", 1.5),
        ("llama3.3:70b", 70.0),
        ("gpt-5-mini", None),
        ("claude-opus-4-1", None),
        ("deepseek-r1", None),
        ("phi-3.5-mini-instruct", None),
        ("o1", None),
        ("our-model-1m", None),
        ("", None),
    ],
)
def test_a_size_is_read_from_a_name(model: str, size: float | None) -> None:
    assert billions(model) == size


@pytest.mark.parametrize(
    ("model", "mind", "advice"),
    [
        ("local", "llm", "firm+llm:local"),
        ("local", "menu", "firm+llm:local"),
        ("local-large", "llm", "menu:local-large"),
        ("local-large", "menu", None),
        ("qwen3:0.6b@ollama", "llm", "firm+llm:qwen3:0.6b@ollama"),
        ("llama3.2:1b", "menu", "firm+llm:llama3.2:1b"),
        ("qwen2.5:1.5b", "llm", "menu:qwen2.5:1.5b"),
        ("qwen3:1.7b", "llm", None),
        ("llama3.1:8b", "llm", None),
        ("gpt-5-mini", "llm", None),
    ],
)
def test_a_model_too_small_to_decide_is_told_what_it_can_do(
    model: str, mind: str, advice: str | None
) -> None:
    told = too_small(model, mind)
    assert (told is None) == (advice is None)
    assert advice is None or (told or "").endswith(advice)


@given(st.text(), st.sampled_from(["llm", "menu"]))
def test_any_name_may_be_asked_about(model: str, mind: str) -> None:
    told = too_small(model, mind)
    assert told is None or "too small" in told

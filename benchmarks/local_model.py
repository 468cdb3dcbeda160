"""Serve a GGUF model file on the loopback with an OpenAI-compatible interface, for trials without a model service.

    pip install -e '.[local-model]'
    python -m benchmarks.local_model MODEL.gguf --port 8081
    ASSISTANT_LLM_BASE_URL=http://127.0.0.1:8081/v1 ASSISTANT_LLM_MODEL=local assistant ask "…"

The file is yours: none is named, fetched or shipped here. The engine is llama.cpp in the package xllamacpp (MIT),
on the CPU. Ends with Ctrl-C.
"""

from __future__ import annotations

import argparse
import threading
from pathlib import Path


def main() -> None:
    """Start the server, say where it listens, wait."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="a model file in GGUF form, with a chat template")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--context", type=int, default=8192, help="tokens that question, evidence and answer may take")
    options = parser.parse_args()
    if not options.file.is_file():
        raise SystemExit(f"There is no file {options.file}.")
    try:
        import xllamacpp
    except ImportError:
        raise SystemExit("Install the engine first: pip install -e '.[local-model]'") from None
    params = xllamacpp.CommonParams()
    params.model.path = str(options.file)
    params.hostnames = ["127.0.0.1"]
    params.port = options.port
    params.n_ctx = options.context
    params.n_parallel = 1
    params.cpuparams.n_threads = options.threads
    params.cpuparams_batch.n_threads = options.threads
    params.model_alias = {"local"}
    server = xllamacpp.Server(params)
    print(f"{server.listening_address}/v1", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        del server


if __name__ == "__main__":
    main()

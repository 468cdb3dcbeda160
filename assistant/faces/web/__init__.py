"""The HTTP faces: ``/api``, the pages, and the OpenAI-compatible ``/v1``. Start at :func:`assistant.faces.web.app`."""

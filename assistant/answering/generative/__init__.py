"""An answer in a model's words: evidence under keys, the gate on its stream."""

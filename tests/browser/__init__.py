"""A package, so that fixtures of its scope end with it: a running browser would keep a loop in every later test."""

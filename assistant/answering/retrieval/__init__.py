"""What is read for a question: routes, fusion, ranking, the passages and entries at hand."""

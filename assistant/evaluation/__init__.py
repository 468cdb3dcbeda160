"""Question files against the question path: read cases, grade answers, sum up. A path beside answering."""

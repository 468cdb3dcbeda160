"""What a question asks: intent, references, periods, filters; follow-ups made to stand alone."""

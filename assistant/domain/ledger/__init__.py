"""The ledger of commitments (责任台账): entries, reviews, choosing from them, limits of handling."""

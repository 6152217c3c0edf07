"""Around every update: one transaction, who this is, which language, and the answer after the commit."""

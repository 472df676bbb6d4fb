"""Pages about people: who is invited, who works here, their keys, and what was done."""

"""The pages of the advisors, a module per subject."""

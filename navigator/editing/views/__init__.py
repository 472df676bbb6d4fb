"""The pages of My region."""

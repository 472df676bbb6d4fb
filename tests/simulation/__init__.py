"""A month of visits, played from a seed through the production server: `make simulate`.

What every figure has to be is kept in a book of its own (`book`), which shares no code with what is
counted and reported.
"""

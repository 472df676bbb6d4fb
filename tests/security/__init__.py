"""What somebody with bad intentions would try, by kind. Most of it walks all there is: an address,
a form or a field that is added is tried by itself."""

"""Bugs planted one at a time, to prove that the tests of billing would find them."""

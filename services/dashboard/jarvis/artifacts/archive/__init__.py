"""Unpack archives made by strangers, without trusting a byte of them."""

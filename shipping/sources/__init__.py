"""How each source is asked: the request side only. Answers go on unread; `shipping.carriers` reads them.

A source is a module with a small class of one shape (`shape.Source`) and its line in `registry.py`. It gets a
`Line`, which is the way to the source for one account: it carries, paces, judges and keeps. It sees no address of
a buyer, since none is in a `Parcel`.
"""

"""Reading claims. Whatever a caller asks for starts from a `…_visible_to(caller)`; nothing here writes."""

"""A season of letters in accelerated time, with faults, judged by an oracle that knows no rule of the product."""

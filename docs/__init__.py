"""What is told of Minilateral: pages, how they become a site, and those that code writes."""

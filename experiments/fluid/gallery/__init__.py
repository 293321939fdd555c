"""A picture for each part of the fluid, drawn by the library itself: those of docs/fluid.md."""

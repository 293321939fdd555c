"""Compiled loops: LLVM code for array operations, made, optimised and loaded through llvmlite.

`engine` compiles and loads modules, `cache` keeps object files on disk, `loops` and `gathers` build
the loops, `math` the elementary functions in them, and `blas` calls SciPy's matrix products. Every
module but `cache` imports llvmlite, so import them when something is to be compiled.
"""

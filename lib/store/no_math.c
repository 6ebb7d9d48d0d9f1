/*
 * no_math.c - stands in for SQLite's math functions, which our SQL never calls.
 *
 * SQLite's archive refers to libm for them, and loading it is a twentieth of
 * what a request costs. The Makefile puts these in its place in the programs
 * that need no other shared library anyway. A function missing here does no
 * harm: the linker then takes libm. tests/style/check refuses SQL that calls
 * one.
 */
#include <math.h>

#include "base/die.h"

/* clang-format off */
#define OF_ONE(name) double name(double x) \
	{ (void)x; die("SQL's %s() is not built in", #name); }
#define OF_TWO(name) double name(double x, double y) \
	{ (void)x; (void)y; die("SQL's %s() is not built in", #name); }

OF_ONE(acos) OF_ONE(acosh) OF_ONE(asin) OF_ONE(asinh) OF_ONE(atan)
OF_ONE(atanh) OF_ONE(cos) OF_ONE(cosh) OF_ONE(exp) OF_ONE(log) OF_ONE(sin)
OF_ONE(sinh) OF_ONE(sqrt) OF_ONE(tan) OF_ONE(tanh) OF_ONE(trunc)
OF_TWO(atan2) OF_TWO(fmod) OF_TWO(pow)

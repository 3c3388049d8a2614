// GNU extensions of the C library that Swift's Glibc module, compiled without _GNU_SOURCE, leaves out.
#include <malloc.h>
#include <stddef.h>

void *memmem(const void *text, size_t text_length, const void *needle, size_t needle_length);

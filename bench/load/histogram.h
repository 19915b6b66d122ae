/* Times in nanoseconds, counted in buckets at most 1.6 % wide: recording one costs the same however many there are. */
#pragma once
#include <stdint.h>
#include <string.h>

#define SUB 64 /* buckets for each doubling */
#define BUCKETS (SUB * 44)

struct histogram {
    uint64_t counts[BUCKETS], total;
};

static inline void histogram_clear(struct histogram *h) { memset(h, 0, sizeof *h); }

static inline void histogram_add(struct histogram *h, uint64_t ns, uint64_t times) {
    uint64_t v = ns < SUB ? SUB : ns;
    int shift = 63 - __builtin_clzll(v) - 6;
    int at = shift * SUB + (int)(v >> shift) - SUB;
    h->counts[at < BUCKETS ? at : BUCKETS - 1] += times;
    h->total += times;
}

/* The value below which `share` (0 to 1) of them lie, in milliseconds. */
static inline double histogram_ms(const struct histogram *h, double share) {
    uint64_t want = (uint64_t)(share * h->total), seen = 0;
    for (int at = 0; at < BUCKETS; at++) {
        seen += h->counts[at];
        if (h->counts[at] && seen >= want)
            return (double)((uint64_t)(at % SUB + SUB) << (at / SUB)) / 1e6;
    }
    return 0;
}

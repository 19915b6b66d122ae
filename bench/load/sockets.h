/* Many WebSocket clients in one thread. Frames are looked at where they lie in the buffer that they were read into. */
#pragma once
#include <stdint.h>

enum state { SHUT, CONNECTING, SHAKING, OPENING, READY };

struct client {
    int fd;
    enum state state;
    uint64_t got;      /* counted frames since the last `clients_recount` */
    uint64_t bytes;    /* received, the handshake's answer included */
    char *rest, *out;  /* half a frame that came; what the kernel did not take yet */
    uint32_t rest_size, rest_room, out_size, out_room;
};

/* What the frames of a server mean: how their text begins, several divided by '|'; "" = none (of `count`: any). */
struct rules {
    char ready[128]; /* anywhere in a frame: from then on the client is a member; "" = with the handshake's answer */
    char count[128], ack[128], bad[128], ping[64], pong[64];
};

struct totals {
    uint64_t ready, shut, bad, marks; /* marks: numbers that stood in `ready` frames */
    uint64_t bytes;                   /* received by all */
    char first_bad[400];
};

extern struct client *clients;
extern int client_count;
extern struct rules rules;
extern struct totals totals;

/* Called with every counted frame and every ack. `number`: what follows '#' in it, 0 where there is none. */
extern void (*on_counted)(struct client *, uint64_t number, uint64_t now);
extern void (*on_ack)(struct client *, uint64_t number, uint64_t now);

uint64_t now_ns(void);
void clients_init(void);
void clients_allocate(int count);
int client_connect(int which, int port, const char *path, const char *headers);
void client_queue(struct client *, const char *text, uint32_t size); /* a text frame, sent by client_flush */
void client_flush(struct client *);
extern int receive_buffer; /* of sockets that are opened from now on; 0 = the kernel's choice */
void client_freeze(struct client *); /* nothing is read from it any more */
void client_drop(struct client *); /* by a reset: no TIME_WAIT */
void clients_recount(void);
/* What is to be sent to a client as soon as its socket is open: lines, each a text frame. */
extern const char *(*greeting)(int which);
/* Handle what the kernel has, waiting at most this long (ms). True when stdin or the timer is due. */
enum due { NOTHING = 0, STDIN_DUE = 1, TIMER_DUE = 2 };
int clients_pump(int timeout_ms);
/* Time spent on what the kernel had. While spinning it never sleeps: a server on another machine would not have to
 * wake us either, and waking a sleeper costs as much as the send. */
extern uint64_t busy_ns;
extern int spinning;
void timer_every(uint64_t ns); /* 0 = off */
uint64_t timer_ticks(void);

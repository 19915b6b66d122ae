#define _GNU_SOURCE
#include "sockets.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define READ_SIZE (256 * 1024)
#define MOST (8 * 1024 * 1024) /* a frame longer than this is none of ours */
#define IS_STDIN UINT32_MAX
#define IS_TIMER (UINT32_MAX - 1)

struct client *clients;
int client_count;
struct rules rules;
struct totals totals;
void (*on_counted)(struct client *, uint64_t, uint64_t);
void (*on_ack)(struct client *, uint64_t, uint64_t);
const char *(*greeting)(int);

int receive_buffer;

static int poller, timer;
static char *area; /* one for all: room for the rest of a frame, then for one read */
static int mark_at[4096]; /* by a frame's length: where its '#' stood last time */

uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + t.tv_nsec;
}

static void watch(int fd, uint32_t which, uint32_t events, int how) {
    struct epoll_event event = {.events = events, .data.u32 = which};
    epoll_ctl(poller, how, fd, &event);
}

void clients_init(void) {
    poller = epoll_create1(0);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    area = malloc(MOST + READ_SIZE);
    watch(0, IS_STDIN, EPOLLIN, EPOLL_CTL_ADD);
    watch(timer, IS_TIMER, EPOLLIN, EPOLL_CTL_ADD);
}

void clients_allocate(int count) {
    for (int i = 0; i < client_count; i++) {
        client_drop(&clients[i]);
        free(clients[i].rest), free(clients[i].out);
    }
    free(clients);
    clients = calloc(count, sizeof *clients);
    client_count = count;
    for (int i = 0; i < count; i++) clients[i].fd = -1;
    memset(&totals, 0, sizeof totals);
}

void clients_recount(void) {
    for (int i = 0; i < client_count; i++) clients[i].got = 0;
}

void timer_every(uint64_t ns) {
    struct itimerspec spec = {{ns / 1000000000u, ns % 1000000000u}, {ns / 1000000000u, ns % 1000000000u}};
    timerfd_settime(timer, 0, &spec, NULL);
}

uint64_t timer_ticks(void) {
    uint64_t ticks = 0;
    return read(timer, &ticks, 8) == 8 ? ticks : 0;
}

static void append(char **buffer, uint32_t *size, uint32_t *room, const void *data, uint32_t more) {
    if (*size + more > *room) *buffer = realloc(*buffer, *room = (*size + more) * 2);
    memcpy(*buffer + *size, data, more);
    *size += more;
}

int client_connect(int which, int port, const char *path, const char *headers) {
    struct client *c = &clients[which];
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0) return -1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (receive_buffer) setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    c->state = CONNECTING, c->rest_size = c->out_size = 0, c->got = 0;
    if (connect(c->fd, (struct sockaddr *)&there, sizeof there) && errno != EINPROGRESS) return -1;
    char request[4096];
    int size = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s%s\r\n",
        path, port, headers, *headers ? "\r\n" : "");
    append(&c->out, &c->out_size, &c->out_room, request, size);
    watch(c->fd, which, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
    return 0;
}

void client_drop(struct client *c) {
    if (c->fd < 0) return;
    struct linger reset = {1, 0};
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(c->fd);
    c->fd = -1;
    if (c->state == READY) totals.ready--;
    c->state = SHUT;
    totals.shut++;
}

void client_freeze(struct client *c) {
    if (c->fd >= 0) watch(c->fd, c - clients, 0, EPOLL_CTL_DEL);
}

static void queue_frame(struct client *c, int opcode, const char *data, uint32_t size) {
    unsigned char head[14] = {0x80 | opcode};
    int width = 2;
    if (size < 126) head[1] = 0x80 | size;
    else head[1] = 0x80 | 126, head[2] = size >> 8, head[3] = size, width = 4;
    width += 4; /* a mask of zeros: as good as any to the server, and nothing to do for us */
    append(&c->out, &c->out_size, &c->out_room, head, width);
    append(&c->out, &c->out_size, &c->out_room, data, size);
}

void client_queue(struct client *c, const char *text, uint32_t size) { queue_frame(c, 1, text, size); }

void client_flush(struct client *c) {
    if (c->fd < 0 || !c->out_size) return;
    ssize_t done = send(c->fd, c->out, c->out_size, MSG_NOSIGNAL);
    if (done < 0 && errno != EAGAIN) { client_drop(c); return; }
    if (done > 0) memmove(c->out, c->out + done, c->out_size -= done);
    if (c->out_size) watch(c->fd, c - clients, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
}

/* Whether the text begins with one of these, that '|' divides. */
static int begins(const char *text, uint32_t size, const char *with) {
    while (*with) {
        uint32_t length = strcspn(with, "|");
        if (size >= length && !memcmp(text, with, length)) return 1;
        with += length + (with[length] == '|');
    }
    return 0;
}

/* The number after the '#': nearly always where the last frame of this length had it. */
static uint64_t number_in(const char *text, uint32_t size) {
    int *at = &mark_at[size & 4095];
    if ((uint32_t)*at + 11 > size || text[*at] != '#') {
        const char *mark = memchr(text, '#', size);
        if (!mark || mark + 11 > text + size) return 0;
        *at = mark - text;
    }
    uint64_t number = 0;
    for (int i = 1; i <= 10; i++) number = number * 10 + (text[*at + i] - '0');
    return number;
}

static void become_ready(struct client *c) {
    c->state = READY;
    totals.ready++;
}

/* Nearly every frame is of one kind: one that begins like the last counted one needs no more looking at. */
#define SAME 16
static char counted_before[SAME];

static void text_came(struct client *c, const char *text, uint32_t size, uint64_t now) {
    if (size >= SAME && c->state == READY && on_counted && !memcmp(text, counted_before, SAME)) {
        on_counted(c, number_in(text, size), now);
    } else if (begins(text, size, rules.bad)) {
        if (!totals.bad++) snprintf(totals.first_bad, sizeof totals.first_bad, "%.*s", (int)size, text);
    } else if (begins(text, size, rules.ping)) {
        client_queue(c, rules.pong, strlen(rules.pong));
        client_flush(c);
    } else if (c->state == OPENING) {
        if (memmem(text, size, rules.ready, strlen(rules.ready))) {
            for (const char *p = text; (p = memchr(p, '#', text + size - p)); p++) totals.marks++;
            become_ready(c);
        }
    } else if (begins(text, size, rules.ack)) {
        if (on_ack) on_ack(c, number_in(text, size), now);
    } else if (!*rules.count || begins(text, size, rules.count)) {
        if (size >= SAME) memcpy(counted_before, text, SAME);
        if (on_counted) on_counted(c, number_in(text, size), now);
    }
}

/* The frames in `data`; how many bytes of it whole frames took. */
static uint32_t frames_came(struct client *c, const char *data, uint32_t size, uint64_t now) {
    uint32_t at = 0;
    while (size - at >= 2) {
        const unsigned char *head = (const unsigned char *)data + at;
        uint64_t length = head[1] & 127, width = 2;
        if (length == 126) {
            if (size - at < 4) break;
            length = head[2] << 8 | head[3], width = 4;
        } else if (length == 127) {
            if (size - at < 10) break;
            length = be64toh(*(const uint64_t *)(head + 2)), width = 10;
        }
        if (length > MOST - 16) { client_drop(c); return size; }
        if (size - at < width + length) break;
        const char *payload = data + at + width;
        switch (head[0] & 15) {
        case 1: text_came(c, payload, length, now); break;
        case 9: queue_frame(c, 10, payload, length), client_flush(c); break;
        case 8: client_drop(c); return size;
        }
        if (c->fd < 0) return size;
        at += width + length;
    }
    return at;
}

static uint32_t handshake_came(struct client *c, const char *data, uint32_t size) {
    const char *end = memmem(data, size, "\r\n\r\n", 4);
    if (!end) return 0;
    if (size < 12 || memcmp(data + 9, "101", 3)) {
        if (!totals.bad++) snprintf(totals.first_bad, sizeof totals.first_bad, "%.*s", 60, data);
        client_drop(c);
        return size;
    }
    const char *line = greeting ? greeting(c - clients) : "";
    while (*line) {
        uint32_t length = strcspn(line, "\n");
        client_queue(c, line, length);
        line += length + (line[length] == '\n');
    }
    client_flush(c);
    c->state = OPENING;
    if (!*rules.ready) become_ready(c);
    return end + 4 - data;
}

static void bytes_came(struct client *c) {
    uint32_t before = c->rest_size;
    if (before) memcpy(area, c->rest, before);
    ssize_t more = recv(c->fd, area + before, READ_SIZE, 0);
    if (more <= 0) {
        if (more == 0 || errno != EAGAIN) client_drop(c);
        return;
    }
    uint64_t now = now_ns();
    c->bytes += more, totals.bytes += more;
    uint32_t size = before + more, done = 0;
    if (c->state == CONNECTING || c->state == SHAKING) done = handshake_came(c, area, size);
    if (c->fd >= 0 && c->state >= OPENING) done += frames_came(c, area + done, size - done, now);
    c->rest_size = 0;
    if (c->fd >= 0 && done < size) append(&c->rest, &c->rest_size, &c->rest_room, area + done, size - done);
}

static void can_write(struct client *c) {
    if (c->state == CONNECTING) c->state = SHAKING;
    watch(c->fd, c - clients, EPOLLIN, EPOLL_CTL_MOD);
    client_flush(c);
}

uint64_t busy_ns;
int spinning;

int clients_pump(int timeout_ms) {
    struct epoll_event events[512];
    int due = NOTHING, count = epoll_wait(poller, events, 512, spinning ? 0 : timeout_ms);
    if (!count) return NOTHING;
    uint64_t start = now_ns();
    for (int i = 0; i < count; i++) {
        uint32_t which = events[i].data.u32;
        if (which == IS_STDIN) due |= STDIN_DUE;
        else if (which == IS_TIMER) due |= TIMER_DUE;
        else {
            struct client *c = &clients[which];
            if (c->fd >= 0 && events[i].events & EPOLLOUT) can_write(c);
            if (c->fd >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) bytes_came(c);
        }
    }
    busy_ns += now_ns() - start;
    return due;
}

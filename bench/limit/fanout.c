/* fanout PORT [--batch]: the limit. What one WebSocket client sends, everybody gets: the frame is built once, and with
 * --batch all frames of a loop turn go to each member in one send(). Nothing else is done for anybody: whole text or
 * binary frames up to 64 KiB, ping, close. Whoever is more than 1 MiB behind is cut off. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE (256 * 1024)
#define MOST_FRAME 65536
#define MOST_REQUEST 8192
#define MOST_BEHIND (1024 * 1024)
#define MOST_TURN (256 * 1024) /* what is collected for one send */
#define EVENTS 512

struct bytes { unsigned char *data; size_t size, room; };

struct member {
    int fd, open;       /* fd < 0: gone, freed at the end of the turn; open: hands were shaken */
    int place;          /* in `members`, once open */
    struct bytes rest;  /* half a frame that came */
    struct bytes late;  /* what the kernel did not take yet */
    struct member *next_gone;
};

static int poller, listener, batch;
static struct member **members, *gone;
static int member_count, member_room;
static struct bytes turn; /* frames to be sent to everybody */
static unsigned char area[MOST_FRAME + 16 + READ_SIZE];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void append(struct bytes *to, const void *data, size_t size) {
    if (to->size + size > to->room) {
        to->data = realloc(to->data, to->room = (to->size + size) * 2);
        if (!to->data) die("realloc");
    }
    memcpy(to->data + to->size, data, size);
    to->size += size;
}

static void let_go(struct bytes *of) {
    free(of->data);
    memset(of, 0, sizeof *of);
}

static void watch(struct member *m, uint32_t events, int how) {
    struct epoll_event event = {.events = events, .data.ptr = m};
    epoll_ctl(poller, how, m->fd, &event);
}

static void part(struct member *m) {
    if (m->fd < 0) return;
    close(m->fd);
    m->fd = -1;
    if (m->open) members[m->place] = NULL; /* the gap is closed by bury() */
    m->next_gone = gone;
    gone = m;
}

static void move(int from, int to) {
    members[to] = members[from];
    members[to]->place = to;
}

/* At the end of a turn, when nobody walks along the members any more. */
static void bury(void) {
    int kept = 0;
    if (!gone) return;
    for (int i = 0; i < member_count; i++)
        if (members[i]) move(i, kept++);
    member_count = kept;
    while (gone) {
        struct member *m = gone;
        gone = m->next_gone;
        let_go(&m->rest), let_go(&m->late);
        free(m);
    }
}

/* To one member; what the kernel does not take waits. */
static void give(struct member *m, const unsigned char *data, size_t size) {
    ssize_t done = 0;
    if (!m->late.size) {
        done = send(m->fd, data, size, MSG_NOSIGNAL);
        if (done == (ssize_t)size) return;
        if (done < 0 && errno != EAGAIN) { part(m); return; }
        if (done < 0) done = 0;
        watch(m, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    }
    if (m->late.size + size - done > MOST_BEHIND) { part(m); return; }
    append(&m->late, data + done, size - done);
}

static void catch_up(struct member *m) {
    ssize_t done = send(m->fd, m->late.data, m->late.size, MSG_NOSIGNAL);
    if (done < 0 && errno != EAGAIN) { part(m); return; }
    if (done > 0) memmove(m->late.data, m->late.data + done, m->late.size -= done);
    if (m->late.size) return;
    let_go(&m->late);
    watch(m, EPOLLIN, EPOLL_CTL_MOD);
}

static void send_turn(void) {
    if (!turn.size) return;
    for (int i = 0; i < member_count; i++)
        if (members[i]) give(members[i], turn.data, turn.size);
    turn.size = 0;
}

static size_t put_head(unsigned char *head, int opcode, size_t size) {
    head[0] = 0x80 | opcode;
    if (size < 126) { head[1] = size; return 2; }
    head[1] = 126, head[2] = size >> 8, head[3] = size;
    return 4;
}

static void publish(int opcode, const unsigned char *data, size_t size) {
    unsigned char head[4];
    append(&turn, head, put_head(head, opcode, size));
    append(&turn, data, size);
    if (!batch || turn.size > MOST_TURN) send_turn();
}

static void answer(struct member *m, int opcode, const unsigned char *data, size_t size) {
    unsigned char frame[2 + 125];
    if (size > 125) { part(m); return; }
    size_t width = put_head(frame, opcode, size);
    memcpy(frame + width, data, size);
    give(m, frame, width + size);
}

static void unmask(unsigned char *data, size_t size, const unsigned char *mask) {
    uint64_t wide;
    memcpy(&wide, mask, 4), memcpy((char *)&wide + 4, mask, 4);
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        uint64_t word;
        memcpy(&word, data + i, 8);
        word ^= wide;
        memcpy(data + i, &word, 8);
    }
    for (; i < size; i++) data[i] ^= mask[i & 3];
}

/* The frames in `data`; how many bytes of it whole frames took. */
static size_t frames_came(struct member *m, unsigned char *data, size_t size) {
    size_t at = 0;
    while (m->fd >= 0 && size - at >= 6) {
        unsigned char *head = data + at;
        size_t length = head[1] & 127, width = 6;
        /* In fragments, unmasked, or longer than 16 bits can say: not from the load that this is for. */
        if (!(head[0] & 0x80) || !(head[1] & 0x80) || length == 127) { part(m); break; }
        if (length == 126) {
            if (size - at < 8) break;
            length = head[2] << 8 | head[3], width = 8;
        }
        if (size - at < width + length) break;
        unsigned char *payload = head + width;
        unmask(payload, length, payload - 4);
        switch (head[0] & 15) {
        case 1: case 2: publish(head[0] & 15, payload, length); break;
        case 8: answer(m, 8, payload, length < 2 ? 0 : 2), part(m); break;
        case 9: answer(m, 10, payload, length); break;
        case 10: break;
        default: part(m);
        }
        at += width + length;
    }
    return at;
}

static uint32_t rotate(uint32_t x, int by) { return x << by | x >> (32 - by); }

/* SHA-1 (FIPS 180-4) of at most 119 bytes. */
static void sha1(const char *text, size_t size, unsigned char digest[20]) {
    unsigned char padded[128] = {0};
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0}, w[80];
    size_t end = size < 56 ? 64 : 128;
    uint64_t bits = htobe64(size * 8);
    memcpy(padded, text, size);
    padded[size] = 0x80;
    memcpy(padded + end - 8, &bits, 8);
    for (unsigned char *block = padded; block < padded + end; block += 64) {
        uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int t = 0; t < 80; t++) {
            uint32_t f, k, next;
            if (t < 16) memcpy(&w[t], block + 4 * t, 4), w[t] = be32toh(w[t]);
            else w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
            if (t < 20) f = (b & c) | (~b & d), k = 0x5A827999;
            else if (t < 40) f = b ^ c ^ d, k = 0x6ED9EBA1;
            else if (t < 60) f = (b & c) | (b & d) | (c & d), k = 0x8F1BBCDC;
            else f = b ^ c ^ d, k = 0xCA62C1D6;
            next = rotate(a, 5) + f + e + k + w[t];
            e = d, d = c, c = rotate(b, 30), b = a, a = next;
        }
        h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
    }
    for (int i = 0; i < 5; i++) h[i] = htobe32(h[i]);
    memcpy(digest, h, 20);
}

/* Of 20 bytes: 28 characters. */
static void base64(const unsigned char *data, char *to) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < 20; i += 3) {
        uint32_t three = data[i] << 16 | data[i + 1] << 8 | (i + 2 < 20 ? data[i + 2] : 0);
        for (int shift = 18; shift >= 0; shift -= 6) *to++ = digits[three >> shift & 63];
    }
    to[-1] = '=', to[0] = 0;
}

/* The request in `data`, ended by a 0; how many bytes of it it took. */
static size_t handshake_came(struct member *m, char *data, size_t size) {
    static const char name[] = "\r\nSec-WebSocket-Key:", guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char *end = strstr(data, "\r\n\r\n"), *key = strcasestr(data, name), text[64], response[160];
    unsigned char digest[20];
    if (!end) {
        if (size > MOST_REQUEST) part(m);
        return 0;
    }
    if (!key || key > end) { part(m); return 0; }
    key += strlen(name);
    key += strspn(key, " ");
    if (strcspn(key, " \r\n") != 24) { part(m); return 0; }
    sha1(text, snprintf(text, sizeof text, "%.24s%s", key, guid), digest);
    base64(digest, text);
    int length = snprintf(response, sizeof response, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", text);
    give(m, (unsigned char *)response, length);
    if (m->fd < 0) return size;
    if (member_count == member_room)
        members = realloc(members, sizeof *members * (member_room = member_room * 2 + 64));
    if (!members) die("realloc");
    m->open = 1, m->place = member_count;
    members[member_count++] = m;
    return end + 4 - data;
}

static void bytes_came(struct member *m) {
    size_t size = m->rest.size, done = 0;
    if (size) memcpy(area, m->rest.data, size);
    ssize_t more = recv(m->fd, area + size, READ_SIZE - 1, 0);
    if (more <= 0) {
        if (more == 0 || errno != EAGAIN) part(m);
        return;
    }
    size += more;
    area[size] = 0;
    if (!m->open) done = handshake_came(m, (char *)area, size);
    if (m->open) done += frames_came(m, area + done, size - done);
    if (m->fd < 0) return;
    m->rest.size = 0;
    if (done < size) append(&m->rest, area + done, size - done);
    else if (m->rest.data) let_go(&m->rest);
}

static void welcome(void) {
    int one = 1, fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct member *m = calloc(1, sizeof *m);
        if (!m) die("calloc");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        m->fd = fd;
        watch(m, EPOLLIN, EPOLL_CTL_ADD);
    }
    if (errno == EMFILE || errno == ENFILE) die("accept");
}

static void listen_at(int port) {
    struct in_addr loopback = {htonl(INADDR_LOOPBACK)};
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = loopback};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    int one = 1;
    poller = epoll_create1(0);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) || listen(listener, 4096)) die("listen");
    if (epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event)) die("epoll_ctl");
}

int main(int argc, char **argv) {
    struct rlimit files;
    struct epoll_event events[EVENTS];
    if (argc < 2) return fputs("usage: fanout PORT [--batch]\n", stderr), 2;
    batch = argc > 2 && !strcmp(argv[2], "--batch");
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    listen_at(atoi(argv[1]));
    for (;;) {
        int count = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            struct member *m = events[i].data.ptr;
            if (!m) { welcome(); continue; }
            if (m->fd >= 0 && events[i].events & EPOLLOUT) catch_up(m);
            if (m->fd >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) bytes_came(m);
        }
        send_turn();
        bury();
    }
}

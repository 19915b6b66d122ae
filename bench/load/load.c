/* load: a crowd of WebSocket clients, driven by lines on stdin: a command and its name=value pairs, separated by tabs.
 *
 *   rules  ready= count= ack= bad= ping= pong=        what the server's frames mean (sockets.h)
 *   open   port= path= clients= opening= rate= seconds= buffer= headers=FILE hello=FILE    rate: so many a second, 0 = as they can; buffer: SO_RCVBUF; FILE: line i for client i; hello: \x1e = next frame
 *   burst  publishers= window= warm= seconds= send=   `window` messages outstanding, until each member has each
 *   paced  rate= warm= seconds= send= spin=           latency of every delivery; spin=0: leave time to others here
 *   acks   senders= window= warm= seconds= send=      each sender has `window` unanswered messages
 *   freeze clients=                                   the last so many stop reading
 *   status | drop | quit
 *
 * In `send`, %n becomes a number of ten digits. Every command is answered by one line of JSON. */
#define _GNU_SOURCE
#include "histogram.h"
#include "sockets.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RING (1 << 16) /* more messages than are ever outstanding */
#define FIRST 1000000000u

static char line[1 << 16], *words[64];
static uint64_t numbered = FIRST; /* never used twice: numbers are client ids */
static uint64_t first, sent, complete, acked, disorder, deliveries;
static uint64_t sent_at[RING], order[RING];
static uint32_t reached[RING];
static struct histogram times;
static int measuring, timing; /* timing: of each delivery; a burst only counts */
static const char *template;

static const char *value(const char *name, const char *otherwise) {
    size_t length = strlen(name);
    for (int i = 1; words[i]; i++)
        if (!strncmp(words[i], name, length) && words[i][length] == '=') return words[i] + length + 1;
    return otherwise;
}

static double number(const char *name, double otherwise) {
    const char *text = value(name, NULL);
    return text ? atof(text) : otherwise;
}

/* What a measurement began with. */
static struct { uint64_t at, busy, sent, complete, deliveries, acked, disorder, bad, shut; } begun;

static void begin_measuring(void) {
    histogram_clear(&times);
    begun.at = now_ns(), begun.busy = busy_ns, begun.sent = sent, begun.complete = complete, begun.deliveries = deliveries;
    begun.acked = acked, begun.disorder = disorder, begun.bad = totals.bad, begun.shut = totals.shut;
    measuring = 1;
    printf("{\"measuring\": true}\n");
}

static void print_text(const char *text) {
    putchar('"');
    for (; *text; text++)
        if (*text == '"' || *text == '\\') printf("\\%c", *text);
        else if ((unsigned char)*text >= 32) putchar(*text);
    putchar('"');
}

static void end_measuring(void) {
    double seconds = (now_ns() - begun.at) / 1e9;
    measuring = 0;
    printf("{\"seconds\": %.4f, \"sent\": %lu, \"messages\": %lu, \"deliveries\": %lu, \"acks\": %lu, \"disorder\": %lu, \"bad\": %lu, "
           "\"shut\": %lu, \"busy\": %.4f, \"p50\": %.4f, \"p90\": %.4f, \"p99\": %.4f, \"max\": %.4f, \"first_bad\": ",
        seconds, sent - begun.sent, complete - begun.complete, deliveries - begun.deliveries, acked - begun.acked, disorder - begun.disorder,
        totals.bad - begun.bad, totals.shut - begun.shut, (busy_ns - begun.busy) / 1e9 / seconds, histogram_ms(&times, .5),
        histogram_ms(&times, .9), histogram_ms(&times, .99), histogram_ms(&times, 1));
    print_text(totals.first_bad);
    printf("}\n");
}

/* The k-th message that one member gets must be the k-th of everybody. */
static void counted(struct client *c, uint64_t found, uint64_t now) {
    if (found && found < first) return; /* left over from before */
    uint64_t k = c->got++, slot = k % RING;
    deliveries++;
    if (reached[slot]++ == 0) order[slot] = found;
    else if (order[slot] != found) disorder++;
    if (reached[slot] == totals.ready) {
        reached[slot] = 0;
        complete++;
    }
    if (measuring && timing) histogram_add(&times, now - sent_at[slot], 1);
}

static void ack_came(struct client *c, uint64_t found, uint64_t now) {
    if (found < first) return;
    acked++;
    if (measuring) histogram_add(&times, now - sent_at[(found - first) % RING], 1);
    (void)c;
}

static void send_one(struct client *c) {
    static char text[1 << 16];
    char digits[24], *to = text;
    int length = snprintf(digits, sizeof digits, "%lu", numbered++);
    for (const char *from = template; *from; from++)
        if (from[0] == '%' && from[1] == 'n') memcpy(to, digits, length), to += length, from++;
        else *to++ = *from;
    sent_at[sent++ % RING] = now_ns();
    client_queue(c, text, to - text);
}

static void begin_sending(void) {
    template = value("send", "");
    first = numbered, sent = complete = acked = deliveries = disorder = 0;
    memset(reached, 0, sizeof reached);
    clients_recount();
    on_counted = counted, on_ack = NULL;
}

/* What is still on its way belongs to nobody's measurement. */
static void settle(void) {
    uint64_t end = now_ns() + 5000000000u;
    while (complete < sent && totals.ready && now_ns() < end) clients_pump(10);
    on_counted = NULL;
}

static void burst(void) {
    int publishers = number("publishers", 1), window = number("window", 64);
    begin_sending();
    spinning = 1;
    uint64_t start = now_ns(), warm = start + number("warm", 1) * 1e9, end = warm + number("seconds", 3) * 1e9, now;
    while ((now = now_ns()) < end) {
        if (!measuring && now >= warm) begin_measuring();
        uint64_t before = sent;
        while (sent - complete < (uint64_t)window) send_one(&clients[sent % publishers]);
        for (uint64_t i = before; i < sent && i < before + publishers; i++) client_flush(&clients[i % publishers]);
        clients_pump(20);
        if (!totals.ready) break;
    }
    end_measuring();
    spinning = 0;
    settle();
}

static void paced(void) {
    double rate = number("rate", 100);
    begin_sending();
    timing = 1;
    spinning = number("spin", 1);
    uint64_t start = now_ns(), warm = start + number("warm", 1) * 1e9, end = warm + number("seconds", 5) * 1e9, now;
    timer_every(1e9 / rate);
    while ((now = now_ns()) < end) {
        if (!measuring && now >= warm) begin_measuring();
        if (clients_pump(20) & TIMER_DUE)
            for (uint64_t due = timer_ticks(); due; due--) send_one(&clients[0]), client_flush(&clients[0]);
    }
    timer_every(0);
    settle();
    end_measuring();
    timing = spinning = 0;
}

static int senders;

static void ack_then_next(struct client *c, uint64_t found, uint64_t now) {
    ack_came(c, found, now);
    send_one(c);
    client_flush(c);
}

static void acks(void) {
    int window = number("window", 1);
    senders = number("senders", 1);
    begin_sending();
    on_counted = NULL, on_ack = ack_then_next;
    uint64_t start = now_ns(), warm = start + number("warm", 1) * 1e9, end = warm + number("seconds", 3) * 1e9, now;
    for (int i = 0; i < senders * window; i++) send_one(&clients[i % senders]);
    for (int i = 0; i < senders; i++) client_flush(&clients[i]);
    while ((now = now_ns()) < end) {
        if (!measuring && now >= warm) begin_measuring();
        clients_pump(20);
    }
    on_ack = ack_came;
    end_measuring();
    end = now_ns() + 5000000000u;
    while (acked < sent && now_ns() < end) clients_pump(10);
}

/* The lines of a file, one for each client; the last serves all that are left. */
struct lines { char *text, **at; int count; };

static struct lines read_lines(const char *path) {
    struct lines lines = {0};
    FILE *file = *path ? fopen(path, "r") : NULL;
    size_t room = 0;
    if (file && getdelim(&lines.text, &room, 0, file) > 0)
        for (char *next = strtok(lines.text, "\n"); next; next = strtok(NULL, "\n")) {
            lines.at = realloc(lines.at, sizeof(char *) * (lines.count + 1));
            lines.at[lines.count++] = next;
            for (char *c = next; *c; c++)
                if (*c == '\x1e') *c = '\n';
        }
    if (file) fclose(file);
    return lines;
}

static struct lines headers, hellos;

static const char *line_of(struct lines *lines, int which) {
    return lines->count ? lines->at[which < lines->count ? which : lines->count - 1] : "";
}

static const char *hello_of(int which) { return line_of(&hellos, which); }

static void open_all(void) {
    int port = number("port", 0), count = number("clients", 1), at_once = number("opening", 256), started = 0;
    char path[256];
    snprintf(path, sizeof path, "%s", value("path", "/"));
    headers = read_lines(value("headers", "")), hellos = read_lines(value("hello", ""));
    greeting = hello_of;
    receive_buffer = number("buffer", 0);
    clients_allocate(count);
    uint64_t start = now_ns(), end = start + number("seconds", 60) * 1e9;
    uint64_t busy = busy_ns;
    double rate = number("rate", 0);
    while ((int)(totals.ready + totals.shut) < count && now_ns() < end) {
        while (started < count && started - (int)(totals.ready + totals.shut) < at_once
            && (!rate || started <= (now_ns() - start) / 1e9 * rate)) {
            if (client_connect(started, port, path, line_of(&headers, started))) client_drop(&clients[started]);
            started++;
        }
        clients_pump(20);
    }
    double seconds = (now_ns() - start) / 1e9;
    printf("{\"seconds\": %.4f, \"ready\": %lu, \"shut\": %lu, \"bad\": %lu, \"marks\": %lu, \"busy\": %.4f, \"first_bad\": ",
        seconds, totals.ready, totals.shut, totals.bad, totals.marks, (busy_ns - busy) / 1e9 / seconds);
    print_text(totals.first_bad);
    printf("}\n");
}

static void keep(char *to, size_t room, const char *name) { snprintf(to, room, "%s", value(name, "")); }

static void set_rules(void) {
    keep(rules.ready, sizeof rules.ready, "ready"), keep(rules.count, sizeof rules.count, "count");
    keep(rules.ack, sizeof rules.ack, "ack"), keep(rules.bad, sizeof rules.bad, "bad");
    keep(rules.ping, sizeof rules.ping, "ping"), keep(rules.pong, sizeof rules.pong, "pong");
    printf("{}\n");
}

/* The last so many stop reading, for good. */
static void freeze(void) {
    int count = number("clients", 0);
    for (int i = client_count - count; i < client_count; i++) client_freeze(&clients[i]);
    printf("{}\n");
}

static void status(void) {
    printf("{\"ready\": %lu, \"shut\": %lu, \"bad\": %lu, \"bytes\": %lu, \"first_bytes\": %lu}\n",
        totals.ready, totals.shut, totals.bad, totals.bytes, client_count ? clients[0].bytes : 0);
}

/* One command from stdin, read byte by byte so that nothing of the next is taken. False at the end. */
static int next_command(void) {
    size_t size = 0;
    while (size < sizeof line - 1 && read(0, line + size, 1) == 1 && line[size] != '\n') size++;
    line[size] = 0;
    int count = 0;
    for (char *word = strtok(line, "\t"); word && count < 63; word = strtok(NULL, "\t")) words[count++] = word;
    words[count] = NULL;
    return count && strcmp(words[0], "quit");
}

int main(void) {
    struct { const char *name; void (*run)(void); } commands[] = {{"rules", set_rules}, {"open", open_all}, {"burst", burst},
        {"paced", paced}, {"acks", acks}, {"freeze", freeze}, {"status", status}};
    setvbuf(stdout, NULL, _IOLBF, 0);
    clients_init();
    for (;;) {
        while (!(clients_pump(-1) & STDIN_DUE)) timer_ticks();
        if (!next_command()) return 0;
        if (!strcmp(words[0], "drop")) {
            for (int i = 0; i < client_count; i++) client_drop(&clients[i]);
            printf("{}\n");
        }
        for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
            if (!strcmp(words[0], commands[i].name)) commands[i].run();
    }
}

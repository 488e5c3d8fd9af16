// SPDX-License-Identifier: Apache-2.0
// The yardstick of the built-in generator: TCP request/response of one byte in a closed loop over
// loopback, client and server as two threads pinned to one CPU, one clock_gettime per transaction.
//
//   rr CPU    for each line "MILLISECONDS" on stdin measures that long, and answers with a line
//             "MEDIAN_NS TRANSACTIONS"; ends at the end of stdin
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int cpu;
static int listener;

static void pin(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "sched_setaffinity CPU %d", cpu);
}

static void no_delay(int fd)
{
	int one = 1;

	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		err(1, "setsockopt TCP_NODELAY");
}

static void *serve(void *unused)
{
	int fd = accept(listener, NULL, NULL);
	char byte;

	(void)unused;
	if (fd < 0)
		err(1, "accept");
	pin();
	no_delay(fd);
	while (read(fd, &byte, 1) == 1)
		if (write(fd, &byte, 1) != 1)
			err(1, "server write");
	return NULL;
}

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

static void measure(int fd, long millis)
{
	size_t room = (size_t)millis * 1000 + 1; // no transaction takes less than 1 us
	long *samples = malloc(room * sizeof(*samples));
	size_t n = 0;
	char byte = 0;
	long start = now();
	long end = start + millis * 1000000;

	if (!samples)
		err(1, "malloc");
	while (start < end && n < room) {
		if (write(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1)
			err(1, "client");
		long t = now();
		samples[n++] = t - start;
		start = t;
	}
	qsort(samples, n, sizeof(*samples), ascending);
	printf("%ld %zu\n", samples[n / 2], n);
	fflush(stdout);
	free(samples);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	pthread_t server;
	long millis;
	int fd;

	if (argc != 2)
		errx(64, "usage: rr CPU");
	cpu = atoi(argv[1]);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) ||
	    listen(listener, 1) || getsockname(listener, (struct sockaddr *)&address, &length))
		err(1, "listen");
	if (pthread_create(&server, NULL, serve, NULL))
		errx(1, "pthread_create");
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, length))
		err(1, "connect");
	pin();
	no_delay(fd);
	while (scanf("%ld", &millis) == 1)
		measure(fd, millis);
	return 0;
}

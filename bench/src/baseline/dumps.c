// SPDX-License-Identifier: Apache-2.0
// The baseline of target 11: enters each namespace under a directory and takes four raw dumps in it (links, addresses,
// routes, neighbours), reading every answer to its end and looking at nothing. Prints the time of each pass in ns.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char answer[256 * 1024];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void dump(int fd, int type, size_t header) {
  struct {
    struct nlmsghdr n;
    char body[32];
  } request = {.n = {.nlmsg_len = NLMSG_LENGTH(header), .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
  if (send(fd, &request, request.n.nlmsg_len, 0) < 0) fail("send");
  for (;;) {
    ssize_t got = recv(fd, answer, sizeof answer, 0);
    if (got < 0) fail("recv");
    int left = (int)got;
    for (struct nlmsghdr *m = (struct nlmsghdr *)answer; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
      if (m->nlmsg_type == NLMSG_DONE) return;
      if (m->nlmsg_type == NLMSG_ERROR) fail("netlink");
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: dumps DIRECTORY PASSES\n");
    return 64;
  }
  for (int pass = atoi(argv[2]); pass > 0; pass--) {
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    DIR *names = opendir(argv[1]);
    if (!names) fail(argv[1]);
    for (struct dirent *e; (e = readdir(names));) {
      if (e->d_name[0] == '.') continue;
      int ns = openat(dirfd(names), e->d_name, O_RDONLY | O_CLOEXEC);
      if (ns < 0 || setns(ns, CLONE_NEWNET)) fail(e->d_name);
      int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
      if (fd < 0) fail("socket");
      dump(fd, RTM_GETLINK, sizeof(struct ifinfomsg));
      dump(fd, RTM_GETADDR, sizeof(struct ifaddrmsg));
      dump(fd, RTM_GETROUTE, sizeof(struct rtmsg));
      dump(fd, RTM_GETNEIGH, sizeof(struct ndmsg));
      close(fd);
      close(ns);
    }
    closedir(names);
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf("%lld\n", (to.tv_sec - from.tv_sec) * 1000000000LL + (to.tv_nsec - from.tv_nsec));
  }
  return 0;
}

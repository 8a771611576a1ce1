/*
 * time-processes ROUNDS STDIN -- PROGRAM ARG... -- PROGRAM ARG...
 *
 * Runs the programs in turn, ROUNDS times, stdin from the file STDIN and output to /dev/null, and prints for each run
 * its index and the ns from before posix_spawn to after wait4. Ends with 1 when a program cannot run or fails.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int run(const char *input, char **argv) {
  posix_spawn_file_actions_t files;
  pid_t pid;
  int status;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, input, O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  if (posix_spawnp(&pid, argv[0], &files, NULL, argv, environ) != 0) return 127;
  if (waitpid(pid, &status, 0) != pid) return 127;
  posix_spawn_file_actions_destroy(&files);
  return status;
}

int main(int argc, char **argv) {
  char **programs[16];
  int count = 0;
  for (int i = 3; i < argc - 1 && count < 16; i++)
    if (strcmp(argv[i], "--") == 0) {
      argv[i] = NULL;
      programs[count++] = &argv[i + 1];
    }
  if (count == 0) return 2;
  for (int round = 0; round < atoi(argv[1]); round++)
    for (int i = 0; i < count; i++) {
      long long start = now();
      int status = run(argv[2], programs[i]);
      long long end = now();
      if (status != 0) {
        fprintf(stderr, "%s ended with status %d\n", programs[i][0], status);
        return 1;
      }
      printf("%d %lld\n", i, end - start);
    }
  return 0;
}

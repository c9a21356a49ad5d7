/* Stands before the C library's calls that change files below one folder, counts them, and lets the
   N-th end the process as a power cut would, or fail as a full or failing disk does.

   What is to happen stands in a file that all processes of a command map (see disk.py); without it,
   every call goes through untouched. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, OPEN = 2, MKDIR = 4, LINK = 8, RENAME = 16, SYNC = 32, UNLINK = 64, CUT = 128 };

struct plan {
    int64_t count;   /* calls so far */
    int64_t at;      /* the call that is struck; 0: none */
    int64_t error;   /* what it fails with; 0: it kills */
    int64_t lasting; /* whether all later calls fail as well */
    int64_t half;    /* whether a write that is struck is done by half before */
    int64_t mask;    /* the kinds of calls that are counted */
    int64_t struck;  /* how many calls were */
    char folder[1024];
    char what[1024]; /* the first call that was struck */
};

static struct plan *plan;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int disk_arm(const char *path) {
    int fd = REAL(open)(path, O_RDWR);
    if (fd < 0) return -1;
    void *found = mmap(NULL, sizeof(struct plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (found == MAP_FAILED) return -1;
    plan = found;
    return 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("DISK_PLAN");
    if (path && *path) disk_arm(path);
}

static int is_within(const char *path) {
    char full[PATH_MAX + 2];
    if (path[0] != '/') {
        if (!getcwd(full, PATH_MAX)) return 0;
        strncat(full, "/", PATH_MAX - strlen(full));
        strncat(full, path, PATH_MAX - strlen(full));
        path = full;
    }
    size_t length = strlen(plan->folder);
    return !strncmp(path, plan->folder, length) && (path[length] == '/' || !path[length]);
}

static const char *path_of(int fd, char *buffer) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, buffer, PATH_MAX);
    buffer[size < 0 ? 0 : size] = 0;
    return buffer;
}

/* Return whether this call is struck. */
static int strikes(int kind, const char *path) {
    if (!plan || !(plan->mask & kind) || !path || !is_within(path)) return 0;
    int64_t number = __sync_add_and_fetch(&plan->count, 1);
    if (!plan->at || number < plan->at || (number > plan->at && !plan->lasting)) return 0;
    if (__sync_fetch_and_add(&plan->struck, 1) == 0)
        snprintf(plan->what, sizeof plan->what, "%d %s", kind, path);
    return 1;
}

static int failed(void) {
    if (!plan->error) {
        kill(getpid(), SIGKILL);
        pause();
    }
    errno = (int)plan->error;
    return -1;
}

static int strikes_fd(int kind, int fd) {
    char buffer[PATH_MAX + 1];
    return plan && strikes(kind, path_of(fd, buffer));
}

ssize_t write(int fd, const void *from, size_t size) {
    if (!strikes_fd(WRITE, fd)) return REAL(write)(fd, from, size);
    if (plan->half && plan->struck == 1 && size > 1) {
        ssize_t done = REAL(write)(fd, from, size / 2);
        if (plan->error) return done;
    }
    return failed();
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t at) {
    return strikes_fd(WRITE, fd) ? failed() : REAL(pwrite)(fd, from, size, at);
}

ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) {
    return strikes_fd(WRITE, fd) ? failed() : REAL(pwrite64)(fd, from, size, at);
}

ssize_t writev(int fd, const struct iovec *from, int count) {
    return strikes_fd(WRITE, fd) ? failed() : REAL(writev)(fd, from, count);
}

#define CHANGES (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR)

#define OPENS(name)                                                             \
    int name(const char *path, int flags, ...) {                                \
        va_list rest;                                                           \
        va_start(rest, flags);                                                  \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                           \
        if ((flags & CHANGES) && strikes(OPEN, path)) return failed();          \
        return REAL(name)(path, flags, mode);                                   \
    }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name)                                                          \
    int name(int folder, const char *path, int flags, ...) {                    \
        va_list rest;                                                           \
        va_start(rest, flags);                                                  \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                           \
        if ((flags & CHANGES) && strikes(OPEN, path)) return failed();          \
        return REAL(name)(folder, path, flags, mode);                           \
    }
OPENS_AT(openat)
OPENS_AT(openat64)

int mkdir(const char *path, mode_t mode) {
    return strikes(MKDIR, path) ? failed() : REAL(mkdir)(path, mode);
}

int link(const char *old, const char *path) {
    return strikes(LINK, path) ? failed() : REAL(link)(old, path);
}

int linkat(int one, const char *old, int other, const char *path, int flags) {
    return strikes(LINK, path) ? failed() : REAL(linkat)(one, old, other, path, flags);
}

int rename(const char *old, const char *path) {
    return strikes(RENAME, path) ? failed() : REAL(rename)(old, path);
}

int renameat(int one, const char *old, int other, const char *path) {
    return strikes(RENAME, path) ? failed() : REAL(renameat)(one, old, other, path);
}

int fsync(int fd) { return strikes_fd(SYNC, fd) ? failed() : REAL(fsync)(fd); }

int fdatasync(int fd) { return strikes_fd(SYNC, fd) ? failed() : REAL(fdatasync)(fd); }

int unlink(const char *path) {
    return strikes(UNLINK, path) ? failed() : REAL(unlink)(path);
}

int unlinkat(int folder, const char *path, int flags) {
    return strikes(UNLINK, path) ? failed() : REAL(unlinkat)(folder, path, flags);
}

int rmdir(const char *path) { return strikes(UNLINK, path) ? failed() : REAL(rmdir)(path); }

int ftruncate(int fd, off_t size) {
    return strikes_fd(CUT, fd) ? failed() : REAL(ftruncate)(fd, size);
}

int ftruncate64(int fd, off64_t size) {
    return strikes_fd(CUT, fd) ? failed() : REAL(ftruncate64)(fd, size);
}

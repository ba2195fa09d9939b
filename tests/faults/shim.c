/* A disk that is watched and that fails: preloaded below the driver, so that SQLite and the program run unchanged.
 *
 * Build: gcc -O2 -shared -fPIC -D_GNU_SOURCE -D_LARGEFILE64_SOURCE -o shim.so shim.c -ldl
 * FAULT_PATH   only files whose path contains this text are watched
 * REC          append every write, sync, truncation, removal and acknowledgement to this file (see struct event)
 * An acknowledgement is a line "ACK ..." that the program writes to standard output.
 * shim_arm(op, at, errno, sticky) makes the at-th call from now fail, and with sticky all after it too:
 *   w a write, s a sync, t half of a write is made and the process dies. shim_disarm() answers how many calls failed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { MOST = 4096 };
enum kind { WRITE = 1, SYNC = 2, TRUNCATE = 3, REMOVE = 4, ACK = 5 };

struct event { uint32_t kind, name_length; int64_t offset; uint64_t length; };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char *watched[MOST];
static int recording = -1, at, sticky, number, calls, failed;
static char wanted;
static const char *path_part;

static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_truncate)(int, off64_t), (*real_close)(int), (*real_unlink)(const char *);
static int (*real_open)(const char *, int, ...);

__attribute__((constructor)) static void begin(void)
{
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_truncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_close = dlsym(RTLD_NEXT, "close");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_open = dlsym(RTLD_NEXT, "open64");
    path_part = getenv("FAULT_PATH");
    if (getenv("REC"))
        recording = real_open(getenv("REC"), O_WRONLY | O_CREAT | O_APPEND, 0600);
}

void shim_arm(char operation, int which, int error, int all_after)
{
    pthread_mutex_lock(&turn);
    wanted = operation, at = which, number = error, sticky = all_after, calls = failed = 0;
    pthread_mutex_unlock(&turn);
}

int shim_disarm(void)
{
    pthread_mutex_lock(&turn);
    wanted = 0;
    pthread_mutex_unlock(&turn);
    return failed;
}

static void put(enum kind kind, const char *name, int64_t offset, uint64_t length, const void *content)
{
    struct event event = { kind, (uint32_t)strlen(name), offset, length };
    if (recording < 0)
        return;
    real_write(recording, &event, sizeof event);
    real_write(recording, name, event.name_length);
    if (content)
        real_write(recording, content, length);
}

static int is_due(char operation)
{
    if (wanted != operation && !(wanted == 't' && operation == 'w'))
        return 0;
    calls++;
    if (!(calls == at || (sticky && calls > at)))
        return 0;
    failed++;
    return 1;
}

static const char *name_of(int descriptor)
{
    return descriptor >= 0 && descriptor < MOST ? watched[descriptor] : NULL;
}

static void notice(int descriptor, const char *path)
{
    if (descriptor < 0 || descriptor >= MOST)
        return;
    free(watched[descriptor]);
    watched[descriptor] = path_part && strstr(path, path_part) && !strstr(path, "-shm") ? strdup(path) : NULL;
}

static int opened(const char *path, int flags, mode_t mode)
{
    int descriptor = real_open(path, flags, mode);
    pthread_mutex_lock(&turn);
    notice(descriptor, path);
    pthread_mutex_unlock(&turn);
    return descriptor;
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return opened(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return opened(path, flags, mode);
}

int close(int descriptor)
{
    pthread_mutex_lock(&turn);
    if (descriptor >= 0 && descriptor < MOST) {
        free(watched[descriptor]);
        watched[descriptor] = NULL;
    }
    pthread_mutex_unlock(&turn);
    return real_close(descriptor);
}

ssize_t pwrite64(int descriptor, const void *content, size_t length, off64_t offset)
{
    pthread_mutex_lock(&turn);
    const char *name = name_of(descriptor);
    if (name && is_due('w')) {
        if (wanted == 't') {
            real_pwrite(descriptor, content, length / 2, offset);
            _exit(99);
        }
        pthread_mutex_unlock(&turn);
        errno = number;
        return -1;
    }
    ssize_t written = real_pwrite(descriptor, content, length, offset);
    if (name && written > 0)
        put(WRITE, name, offset, (uint64_t)written, content);
    pthread_mutex_unlock(&turn);
    return written;
}

ssize_t pwrite(int descriptor, const void *content, size_t length, off_t offset)
{
    return pwrite64(descriptor, content, length, offset);
}

static int synced(int descriptor, int (*real)(int))
{
    pthread_mutex_lock(&turn);
    const char *name = name_of(descriptor);
    if (name && is_due('s')) {
        pthread_mutex_unlock(&turn);
        errno = number;
        return -1;
    }
    int answer = real(descriptor);
    if (name && answer == 0)
        put(SYNC, name, 0, 0, NULL);
    pthread_mutex_unlock(&turn);
    return answer;
}

int fsync(int descriptor) { return synced(descriptor, real_fsync); }

int fdatasync(int descriptor) { return synced(descriptor, real_fdatasync); }

int ftruncate64(int descriptor, off64_t length)
{
    pthread_mutex_lock(&turn);
    const char *name = name_of(descriptor);
    int answer = real_truncate(descriptor, length);
    if (name && answer == 0)
        put(TRUNCATE, name, length, 0, NULL);
    pthread_mutex_unlock(&turn);
    return answer;
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

int unlink(const char *path)
{
    pthread_mutex_lock(&turn);
    int answer = real_unlink(path);
    if (answer == 0 && path_part && strstr(path, path_part))
        put(REMOVE, path, 0, 0, NULL);
    pthread_mutex_unlock(&turn);
    return answer;
}

ssize_t write(int descriptor, const void *content, size_t length)
{
    ssize_t written = real_write(descriptor, content, length);
    if (descriptor == 1 && written > 4 && memcmp(content, "ACK ", 4) == 0) {
        pthread_mutex_lock(&turn);
        put(ACK, "", 0, (uint64_t)written, content);
        pthread_mutex_unlock(&turn);
    }
    return written;
}

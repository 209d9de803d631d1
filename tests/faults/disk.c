/* A disk that can be asked what a power cut would leave of it, and that can be told to fail. Preloaded; see disk.py.
 *
 * For every file below DISK_ROOT the folder DISK_IMAGE holds what is durable, and nothing else, by inode:
 *
 *   f<inode>     a file, as it was when it was last synced; what was written since is lost
 *   d<inode>     a folder, as it was when it was last synced: "f 123 name" or "d 123 name" a line. A new file, a rename
 *                and a removal count only once their folder was synced, which is as strict as POSIX lets a disk be
 *   held<inode>  a second name of the file, so that no later file is given its number
 *   lock         taken by each sync. Who takes it for good has cut the power: nothing becomes durable any more
 *   lies         while it is there, a sync says that it was done, and nothing was
 *   fails        while it is there, a sync fails with EIO, and nothing becomes durable
 *   full         while it is there, one pattern (fnmatch) a line: whatever is written to such a path fails with ENOSPC
 *
 * Not seen: files opened with O_DSYNC or O_SYNC, and what is mapped into memory. PostgreSQL as we run it uses neither.
 * Really synced is nothing: the power is never really cut, and tests are quicker so.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REALLY(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))

/* A harness that cannot do its work must not look like a disk that can. */
static void must(int is_so, const char *what) {
    if (is_so) return;
    dprintf(2, "disk.c: %s: %s\n", what, strerror(errno));
    abort();
}

static void in_image(char *path, const char *name) {
    snprintf(path, PATH_MAX, "%s/%s", getenv("DISK_IMAGE"), name);
}

static void in_image_by_inode(char *path, const char *kind, ino_t inode) {
    char name[64];
    snprintf(name, sizeof name, "%s%lu", kind, (unsigned long) inode);
    in_image(path, name);
}

static int is_told(const char *name) {
    char path[PATH_MAX];
    in_image(path, name);
    return getenv("DISK_IMAGE") && access(path, F_OK) == 0;
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length >= 0) path[length] = '\0';
    return length >= 0;
}

static int is_below_root(int fd) {
    const char *root = getenv("DISK_ROOT");
    char path[PATH_MAX];
    size_t length = root ? strlen(root) : 0;
    return root && path_of(fd, path) && strncmp(path, root, length) == 0 && strchr("/", path[length]);
}

static void hold(const char *path, ino_t inode) {
    char held[PATH_MAX];
    in_image_by_inode(held, "held", inode);
    linkat(AT_FDCWD, path, AT_FDCWD, held, AT_SYMLINK_FOLLOW); /* it may be held already, or be gone */
}

/* In place: killed in the middle, it leaves some of the new bytes on the disk and not others, as a disk would. */
static void keep_file(int fd, const struct stat *found) {
    char path[PATH_MAX], image[PATH_MAX];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    in_image_by_inode(image, "f", found->st_ino);
    hold(path, found->st_ino);
    int from = open(path, O_RDONLY | O_CLOEXEC), to = open(image, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    must(from >= 0 && to >= 0, image);
    off_t at = 0;
    ssize_t copied;
    while ((copied = sendfile(to, from, &at, 1 << 24)) > 0) {}
    must(copied == 0 && ftruncate(to, at) == 0, image);
    close(from);
    close(to);
}

static void keep_folder(int fd, const struct stat *found) {
    char path[PATH_MAX], image[PATH_MAX], making[PATH_MAX], entry_path[2 * PATH_MAX];
    must(path_of(fd, path), "a folder's path");
    in_image_by_inode(image, "d", found->st_ino);
    in_image(making, "making");
    DIR *folder = opendir(path);
    FILE *list = fopen(making, "w");
    must(folder && list, image);
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        int is_folder = entry->d_type == DT_DIR;
        snprintf(entry_path, sizeof entry_path, "%s/%s", path, entry->d_name);
        if (!is_folder) hold(entry_path, entry->d_ino);
        fprintf(list, "%c %lu %s\n", is_folder ? 'd' : 'f', (unsigned long) entry->d_ino, entry->d_name);
    }
    closedir(folder);
    must(fclose(list) == 0 && rename(making, image) == 0, image);
}

static void keep(int fd) {
    struct stat found;
    must(fstat(fd, &found) == 0, "fstat");
    (S_ISDIR(found.st_mode) ? keep_folder : keep_file)(fd, &found);
}

static int keep_path(const char *path, const struct stat *found, int kind, struct FTW *at) {
    (void) found, (void) kind, (void) at;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    must(fd >= 0, path);
    keep(fd);
    close(fd);
    return 0;
}

static void keep_all(int fd) {
    (void) fd;
    must(nftw(getenv("DISK_ROOT"), keep_path, 16, FTW_PHYS) == 0, "nftw");
}

static int synced(int fd, void (*as)(int)) {
    if (is_told("lies")) return 0;
    char path[PATH_MAX];
    in_image(path, "lock");
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    must(lock >= 0 && flock(lock, LOCK_EX) == 0, path);
    int fails = is_told("fails");
    if (!fails) as(fd);
    close(lock);
    if (fails) errno = EIO;
    return fails ? -1 : 0;
}

int fsync(int fd) { return is_below_root(fd) ? synced(fd, keep) : REALLY(fsync)(fd); }
int fdatasync(int fd) { return is_below_root(fd) ? synced(fd, keep) : REALLY(fdatasync)(fd); }
int syncfs(int fd) { return is_below_root(fd) ? synced(fd, keep_all) : REALLY(syncfs)(fd); }

static int is_full(int fd) {
    char pattern[PATH_MAX], path[PATH_MAX], told[PATH_MAX];
    if (!is_told("full") || !path_of(fd, path)) return 0;
    in_image(told, "full");
    FILE *patterns = fopen(told, "re");
    int is_so = 0;
    while (patterns && !is_so && fscanf(patterns, "%4095s", pattern) == 1) is_so = fnmatch(pattern, path, 0) == 0;
    if (patterns) fclose(patterns);
    if (is_so) errno = ENOSPC;
    return is_so;
}

ssize_t write(int fd, const void *from, size_t size) {
    return is_full(fd) ? -1 : REALLY(write)(fd, from, size);
}
ssize_t pwrite(int fd, const void *from, size_t size, off_t at) {
    return is_full(fd) ? -1 : REALLY(pwrite)(fd, from, size, at);
}
ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) {
    return is_full(fd) ? -1 : REALLY(pwrite64)(fd, from, size, at);
}
ssize_t writev(int fd, const struct iovec *from, int count) {
    return is_full(fd) ? -1 : REALLY(writev)(fd, from, count);
}
ssize_t pwritev(int fd, const struct iovec *from, int count, off_t at) {
    return is_full(fd) ? -1 : REALLY(pwritev)(fd, from, count, at);
}
ssize_t pwritev64(int fd, const struct iovec *from, int count, off64_t at) {
    return is_full(fd) ? -1 : REALLY(pwritev64)(fd, from, count, at);
}

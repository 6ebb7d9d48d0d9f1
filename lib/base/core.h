/* core.h - keeps this process from leaving a core file. */
#ifndef BASE_CORE_H
#define BASE_CORE_H

/* From here on no crash of this process leaves its memory anywhere, neither in
 * a file nor with a program that collects crashes. What it starts inherits the
 * limit. */
void core_off(void);

#endif

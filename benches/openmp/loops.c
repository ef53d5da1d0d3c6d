/* Times parallel loops of known cost under OpenMP's schedules, for comparison with simulated ones.
 *
 *   loops PROFILE SCHEDULE CHUNK ITERATIONS MICROSECONDS REPEATS
 *
 * PROFILE is constant, increasing, decreasing or spiked; MICROSECONDS the mean cost of an iteration. An iteration spins
 * a number of steps that was calibrated for this run, so that its cost is known in the unit in which it is measured.
 * Printed are, in seconds: the time of the loop done by one thread without OpenMP, and the time under the schedule,
 * each the smallest of the repeats, taken in turn so that both see the same machine. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile unsigned sink;

/* A chain of multiplications that no compiler or processor shortens. */
static void spin(long steps)
{
    unsigned x = 12345;
    for (long i = 0; i < steps; i++)
        x = x * 1664525u + 1013904223u;
    sink = x;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Steps of `spin` in a microsecond: the median of the fastest third of many tries. */
static double calibrate(void)
{
    enum { TRIES = 60 };
    static double rates[TRIES];
    for (int i = 0; i < TRIES; i++) {
        double start = omp_get_wtime();
        spin(2000000);
        rates[i] = 2.0 / (omp_get_wtime() - start);
    }
    qsort(rates, TRIES, sizeof *rates, compare);
    return rates[TRIES - TRIES / 6];
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "loops PROFILE SCHEDULE CHUNK ITERATIONS MICROSECONDS REPEATS\n");
        return 1;
    }
    const char *profile = argv[1], *schedule = argv[2];
    int chunk = atoi(argv[3]), n = atoi(argv[4]), repeats = atoi(argv[6]);
    double mean = atof(argv[5]), per_us = calibrate();
    long *steps = malloc(n * sizeof *steps);
    for (int i = 0; i < n; i++) {
        double place = (double)i / (n - 1), cost = 1.0;
        if (!strcmp(profile, "increasing"))
            cost = 0.1 + 1.8 * place;
        else if (!strcmp(profile, "decreasing"))
            cost = 1.9 - 1.8 * place;
        else if (!strcmp(profile, "spiked"))
            cost = i % 50 == 0 ? 25.5 : 0.5; /* 1/50 of 25.5 and 49/50 of 0.5 make 1 */
        steps[i] = (long)(cost * mean * per_us);
    }
    omp_sched_t kind = !strcmp(schedule, "static")    ? omp_sched_static
                       : !strcmp(schedule, "dynamic") ? omp_sched_dynamic
                                                      : omp_sched_guided;
    omp_set_num_threads(2);
    omp_set_schedule(kind, chunk);
    double alone = 1e30, parallel = 1e30;
    for (int r = 0; r < repeats; r++) {
        double start = omp_get_wtime();
        for (int i = 0; i < n; i++)
            spin(steps[i]);
        double time = omp_get_wtime() - start;
        alone = time < alone ? time : alone;
        start = omp_get_wtime();
#pragma omp parallel for schedule(runtime)
        for (int i = 0; i < n; i++)
            spin(steps[i]);
        time = omp_get_wtime() - start;
        parallel = time < parallel ? time : parallel;
    }
    printf("%.9f %.9f\n", alone, parallel);
    free(steps);
    return 0;
}

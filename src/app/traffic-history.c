/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two sorted lists of rows, and the calendar.
 */
#include "app/traffic-history.h"

#include <string.h>

#define DAY_SECONDS       86400
#define FORECAST_DAYS_MIN 2
/* The last minute and day that a date can be made of: those of the year 9999. */
#define MINUTE_MAX G_GINT64_CONSTANT (4223371679)
#define DAY_MAX    3652059
/* Bytes: the largest number that the file may have. */
#define MOST ((guint64) G_MAXINT64 - 1)

typedef struct {
  ThTrafficRow *rows; /* by their numbers */
  guint n, capacity;
} RowList;

struct _ThTrafficHistory {
  ThTrafficBytes counted;
  RowList minutes, days;
  ThTrafficRow minute_rows[TH_TRAFFIC_MINUTES_MAX];
  ThTrafficRow day_rows[TH_TRAFFIC_DAYS_MAX];
};

/* A moment in the calendar of a place. */
typedef struct {
  gint64 today;            /* Julian */
  gint64 month, month_end; /* Julian: its first day, and that of the next */
  double day_part;         /* of today that has passed, 0 to 1 */
} Moment;

static guint64
sum (guint64 one, guint64 other)
{
  return one < MOST - MIN (other, MOST) ? one + other : MOST;
}

static guint64
total (const ThTrafficRow *row)
{
  return sum (row->bytes.to_peers, row->bytes.to_clients);
}

static guint64
since (guint64 before, guint64 now)
{
  return now >= before ? now - before : now;
}

/* FALSE before 1970 and behind the calendar's end */
static gboolean
find_moment (gint64 time, GTimeZone *zone, Moment *moment)
{
  g_autoptr (GDateTime) utc = time >= 0 ? g_date_time_new_from_unix_utc (time) : NULL;
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  GDate date;
  int year, month, day;

  if (local == NULL)
    return FALSE;
  g_date_time_get_ymd (local, &year, &month, &day);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, day, month, year);
  moment->today = g_date_get_julian (&date);
  moment->month = moment->today - (day - 1);
  moment->month_end = moment->month + g_date_get_days_in_month (month, year);
  moment->day_part = (g_date_time_get_hour (local) * 3600 + g_date_time_get_minute (local) * 60 +
                      g_date_time_get_second (local)) /
                     (double) DAY_SECONDS;
  return TRUE;
}

/* One that lies ahead goes first, or the present could not get in. */
static void
make_room (RowList *list, gint64 number)
{
  if (list->n < list->capacity)
    return;
  list->n--;
  if (list->rows[list->n].number < number)
    memmove (&list->rows[0], &list->rows[1], list->n * sizeof list->rows[0]);
}

/* How many rows come before that number, or are of it. */
static guint
count_until (const RowList *list, gint64 number)
{
  guint n = list->n;

  while (n > 0 && list->rows[n - 1].number > number)
    n--;
  return n;
}

/* A row of nothing, at its place. */
static ThTrafficRow *
insert (RowList *list, gint64 number)
{
  ThTrafficRow *row;
  guint place;

  make_room (list, number);
  place = count_until (list, number);
  row = &list->rows[place];
  memmove (row + 1, row, (list->n - place) * sizeof *row);
  *row = (ThTrafficRow) { .number = number };
  list->n++;
  return row;
}

static void
count (RowList *list, gint64 number, const ThTrafficBytes *bytes)
{
  guint place = count_until (list, number);
  ThTrafficRow *row = place > 0 ? &list->rows[place - 1] : NULL;

  if (row == NULL || row->number != number)
    row = insert (list, number);
  row->bytes.to_peers = sum (row->bytes.to_peers, bytes->to_peers);
  row->bytes.to_clients = sum (row->bytes.to_clients, bytes->to_clients);
}

static gboolean
append (RowList *list, const ThTrafficRow *row, gint64 number_max)
{
  if (row->number < 0 || row->number > number_max || list->n == list->capacity ||
      row->bytes.to_peers > MOST || row->bytes.to_clients > MOST ||
      (list->n > 0 && list->rows[list->n - 1].number >= row->number))
    return FALSE;
  list->rows[list->n++] = *row;
  return TRUE;
}

/* Of the month's days from the first on of which anything is known, with the part of today. */
static double
count_known_days (ThTrafficHistory *self, const Moment *moment)
{
  gint64 begin = moment->month;

  if (self->days.n == 0)
    return 0;
  begin = MAX (begin, self->days.rows[0].number);
  return (double) (moment->today - begin) + moment->day_part;
}

static void
forecast (ThTrafficHistory *self, const Moment *moment, ThTrafficTotals *totals)
{
  double known = count_known_days (self, moment);
  double left = (double) (moment->month_end - moment->today) - moment->day_part;
  double more;

  if (known < FORECAST_DAYS_MIN || totals->month == 0)
    return;
  more = (double) totals->month / known * left;
  totals->days = (guint) known;
  totals->forecast = more < (double) (MOST / 2) ? sum (totals->month, (guint64) more)
                                                      : MOST;
}

ThTrafficHistory *
th_traffic_history_new (void)
{
  ThTrafficHistory *self = g_new0 (ThTrafficHistory, 1);

  self->minutes = (RowList) { .rows = self->minute_rows, .capacity = TH_TRAFFIC_MINUTES_MAX };
  self->days = (RowList) { .rows = self->day_rows, .capacity = TH_TRAFFIC_DAYS_MAX };
  return self;
}

void
th_traffic_history_free (ThTrafficHistory *self)
{
  g_free (self);
}

void
th_traffic_history_begin (ThTrafficHistory *self)
{
  self->counted = (ThTrafficBytes) { 0 };
}

gboolean
th_traffic_history_note (ThTrafficHistory *self,
                         gint64 time,
                         GTimeZone *zone,
                         const ThTrafficBytes *counters)
{
  ThTrafficBytes more = {
    .to_peers = since (self->counted.to_peers, counters->to_peers),
    .to_clients = since (self->counted.to_clients, counters->to_clients),
  };
  Moment moment;

  self->counted = *counters;
  if ((more.to_peers == 0 && more.to_clients == 0) || !find_moment (time, zone, &moment))
    return FALSE;
  self->minutes.n = count_until (&self->minutes, time / 60);
  count (&self->minutes, time / 60, &more);
  count (&self->days, moment.today, &more);
  return TRUE;
}

void
th_traffic_history_get_totals (ThTrafficHistory *self,
                               gint64 time,
                               GTimeZone *zone,
                               ThTrafficTotals *totals)
{
  Moment moment;

  *totals = (ThTrafficTotals) { 0 };
  if (!find_moment (time, zone, &moment))
    return;
  for (guint i = 0; i < self->days.n; i++)
    {
      const ThTrafficRow *row = &self->days.rows[i];

      if (row->number == moment.today)
        totals->today = total (row);
      if (row->number >= moment.month && row->number < moment.month_end)
        totals->month = sum (totals->month, total (row));
    }
  forecast (self, &moment, totals);
}

guint
th_traffic_totals_get_percent (const ThTrafficTotals *totals, guint64 plan)
{
  return plan > 0 ? (guint) MIN (totals->month / MAX (plan / 100, 1), G_MAXINT) : 0;
}

const ThTrafficRow *
th_traffic_history_get_minutes (ThTrafficHistory *self, guint *n)
{
  *n = self->minutes.n;
  return self->minutes.rows;
}

const ThTrafficRow *
th_traffic_history_get_days (ThTrafficHistory *self, guint *n)
{
  *n = self->days.n;
  return self->days.rows;
}

gboolean
th_traffic_history_append_minute (ThTrafficHistory *self, const ThTrafficRow *row)
{
  return append (&self->minutes, row, MINUTE_MAX);
}

gboolean
th_traffic_history_append_day (ThTrafficHistory *self, const ThTrafficRow *row)
{
  return append (&self->days, row, DAY_MAX);
}

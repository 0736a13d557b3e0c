/** A worker that is killed gives its messages back after this time. */
export const VISIBILITY_SECONDS = 30;
/** The queue's net under crashes: the worker counts its tries itself. */
export const MAX_RECEIVE_COUNT = 100;
/** A worker that is told to stop is gone after this time. */
export const DRAINED_AFTER_SECONDS = 90;

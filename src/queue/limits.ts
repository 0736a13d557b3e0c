/** The visibility timeout of a received message: a killed worker's messages are visible after it. */
export const VISIBILITY_SECONDS = 30;
/** The queue's own limit, a net for crashes: the worker counts its attempts itself. */
export const MAX_RECEIVE_COUNT = 100;
/** The shutdown deadline of a worker. */
export const DRAINED_AFTER_SECONDS = 90;

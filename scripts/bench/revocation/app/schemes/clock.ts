/** How long things are good for. The five minutes are what libraries recommend; the experiment may shorten them. */

/** A JWT that nothing shortens: nextjs/saas-starter's. */
export const LONG_SECONDS = 24 * 60 * 60;
export const shortSeconds = () => Number(process.env.SHORT_SECONDS);

export const secondsOf = (moment: Date) => Math.floor(moment.getTime() / 1000);

import { cx } from "@/app/_ui/cx";

/** The place of something that is still on its way; give it the size of what will come. */
export function Skeleton({ className }: { className?: string }) {
	return <div aria-hidden="true" className={cx("h-4 animate-shimmer rounded-md bg-sunken", className)} />;
}

/** A page on its way, for `loading.tsx`: a title and a table. */
export function PageSkeleton() {
	return (
		<div role="status">
			<span className="sr-only">Loading</span>
			<Skeleton className="h-7 w-40" />
			<Skeleton className="mt-2 h-5 w-72 max-w-full" />
			<Skeleton className="mt-8 h-10 w-full rounded-lg" />
			{Array.from({ length: 8 }, (_, row) => (
				<Skeleton key={row} className="mt-3 h-9 w-full" />
			))}
		</div>
	);
}

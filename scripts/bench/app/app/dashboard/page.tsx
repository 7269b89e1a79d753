import { projects } from "../../content";
import { currentUserId } from "../../identity";

export default async function Page() {
	const userId = await currentUserId();
	return (
		<main>
			<h1>Dashboard of {userId}</h1>
			<table>
				<thead>
					<tr>
						<th>Project</th>
						<th>Status</th>
						<th>Members</th>
					</tr>
				</thead>
				<tbody>
					{projects.map(({ id, name, status, members }) => (
						<tr key={id}>
							<td>{name}</td>
							<td>{status}</td>
							<td>{members}</td>
						</tr>
					))}
				</tbody>
			</table>
		</main>
	);
}

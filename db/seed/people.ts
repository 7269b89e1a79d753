/** The cast: names as they are in the world, long and short, in several scripts. */

export interface DemoPerson {
	email: string;
	name: string;
	role: "user" | "support" | "admin" | "owner";
	/** How long ago the account was created. */
	sinceDays: number;
	/** How many live sessions they have; left out, one or two. */
	liveSessions?: number;
}

export const demoPeople: readonly DemoPerson[] = [
	{ email: "owner@example.com", name: "Olivia Bennett", role: "owner", sinceDays: 412, liveSessions: 3 },
	{ email: "admin@example.com", name: "Amir Haddad", role: "admin", sinceDays: 398, liveSessions: 2 },
	{ email: "support@example.com", name: "Sofía Márquez", role: "support", sinceDays: 371, liveSessions: 2 },
	{ email: "alice@example.com", name: "Alice Nakamura", role: "user", sinceDays: 340, liveSessions: 4 },
	{ email: "bob@example.com", name: "Bob Okafor", role: "user", sinceDays: 338, liveSessions: 3 },
	{ email: "carol@example.com", name: "Carol Lindqvist", role: "user", sinceDays: 301 },
	{ email: "dave@example.com", name: "Dave O’Brien", role: "user", sinceDays: 297 },
	{ email: "erin@example.com", name: "Erin Ní Dhomhnaill", role: "user", sinceDays: 288 },
	{ email: "frank@example.com", name: "Frank Müller-Lüdenscheidt", role: "user", sinceDays: 280, liveSessions: 0 },
	{ email: "grace@example.com", name: "Grace Adeyemi", role: "user", sinceDays: 266, liveSessions: 3 },
	{ email: "heidi@example.com", name: "Heidi Øverland", role: "user", sinceDays: 251 },
	{ email: "ivan@example.com", name: "Иван Петров", role: "user", sinceDays: 245 },
	{ email: "judy@example.com", name: "Judy Nguyễn Thị Minh Khai", role: "user", sinceDays: 230 },
	{ email: "kentaro@example.com", name: "山田 健太郎", role: "support", sinceDays: 222, liveSessions: 2 },
	{ email: "layla@example.com", name: "ليلى الفاسي", role: "user", sinceDays: 210, liveSessions: 11 },
	{ email: "mei@example.com", name: "陈美玲", role: "user", sinceDays: 204 },
	{ email: "noa@example.com", name: "נועה לוי", role: "user", sinceDays: 190 },
	{ email: "omar@example.com", name: "Omar Diallo", role: "user", sinceDays: 183, liveSessions: 4 },
	{ email: "priya@example.com", name: "Priya Subramaniam", role: "admin", sinceDays: 176, liveSessions: 2 },
	{ email: "quentin@example.com", name: "Quentin d’Ormesson de La Rochefoucauld", role: "user", sinceDays: 165 },
	{
		email: "rosa@example.com",
		name: "Rosa María Fernández-Villaverde y Ortiz de Zárate",
		role: "user",
		sinceDays: 158,
	},
	{ email: "soojin@example.com", name: "김수진", role: "user", sinceDays: 149, liveSessions: 3 },
	{ email: "thandiwe@example.com", name: "Thandiwe Mokoena", role: "user", sinceDays: 140 },
	{ email: "uma@example.com", name: "उमा शर्मा", role: "user", sinceDays: 131 },
	{ email: "vera@example.com", name: "Βέρα Παπαδοπούλου", role: "user", sinceDays: 126, liveSessions: 0 },
	{ email: "wanjiru@example.com", name: "Wanjirũ wa Kamau", role: "user", sinceDays: 118 },
	{ email: "xavier@example.com", name: "Xavier Castellanos i Puigdevall", role: "user", sinceDays: 104 },
	{ email: "yara@example.com", name: "Yara Haddad", role: "user", sinceDays: 97, liveSessions: 0 },
	{ email: "zoe@example.com", name: "Zoë Kruger", role: "user", sinceDays: 90 },
	{
		email: "maximiliana.von-hohenzollern-sigmaringen-und-der-pfalz@example.com",
		name: "Maximiliana Henriette Auguste Wilhelmine von Hohenzollern-Sigmaringen und der Pfalz",
		role: "user",
		sinceDays: 84,
	},
	{ email: "bjorn@example.com", name: "Björn Þórðarson", role: "user", sinceDays: 71 },
	{ email: "chloe@example.com", name: "Chloé Lefèvre", role: "user", sinceDays: 63 },
	{ email: "ece@example.com", name: "Ece Yıldırım", role: "user", sinceDays: 55 },
	{ email: "giulia@example.com", name: "Giulia Dell’Acqua", role: "user", sinceDays: 47 },
	{ email: "hamza@example.com", name: "Hamza Qureshi", role: "user", sinceDays: 40, liveSessions: 0 },
	{ email: "ines@example.com", name: "Inês Gonçalves", role: "support", sinceDays: 33, liveSessions: 2 },
	{ email: "jakub@example.com", name: "Jakub Wiśniewski", role: "user", sinceDays: 26, liveSessions: 3 },
	{ email: "kalani@example.com", name: "Kalani Keʻalohilani", role: "user", sinceDays: 12 },
	{ email: "lucas@example.com", name: "Lucas Ferreira da Silva", role: "user", sinceDays: 6 },
	{ email: "q@example.com", name: "Q", role: "user", sinceDays: 2 },
];

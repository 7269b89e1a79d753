/** Names that are combined into hundreds of thousands of people. */

const first = `Aaliyah Adam Agnès Aisha Akira Ana Anders Anouk Ayşe Beatriz Björn Camila Carlos Chidi Chloé Daniel Dilnoza
	Eleni Emeka Emma Erik Farah Fatima Felipe Gabriela Grace Hana Hugo Ingrid Isabel Ivana Jamal Jasper João Kaito Katarzyna
	Kwame Laila Lars Léa Liam Lucía Mads Magda Mateo Mehmet Mei Milan Nadia Ngozi Nia Noah Olga Omar Paula Pedro Priya Rania
	Ravi Rin Rosa Sara Sean Sofía Sven Tariq Tereza Thiago Tomás Uma Viktor Wei Yara Yusuf Zoë Zuzana`;

const last = `Abdi Adeyemi Almeida Andersson Bakker Bauer Bianchi Çelik Chen Costa Cruz Dąbrowski Diallo Dubois Eriksen
	Fernández Fischer Fonseca García Gonçalves Haddad Hansen Hernández Horváth Ito Ivanova Jansen Jensen Johansson Kamara Kaya
	Kim Kowalski Kumar Laurent Lefèvre Lindqvist López Lund Martins Mbeki Mensah Meyer Müller Nakamura Nguyen Nielsen Novák
	Nowak Núñez O’Connor Okafor Oliveira Osei Papadopoulos Park Pereira Petrov Popescu Quispe Rahman Ramírez Rossi Sato
	Schmidt Şahin Silva Singh Smith Sørensen Suzuki Svoboda Tanaka Tran Vargas Virtanen Wagner Wang Weber Williams Wójcik
	Yamamoto Yıldız Zhang`;

const words = (text: string) => text.split(/\s+/);

/** Letters a to z only: accents are taken off, and what has no plain letter is left out. */
const plain = (name: string) =>
	name
		.normalize("NFD")
		.toLowerCase()
		.replace(/[^a-z]/g, "");

export const bulkNames = {
	first: words(first),
	firstInEmail: words(first).map(plain),
	last: words(last),
	lastInEmail: words(last).map(plain),
};

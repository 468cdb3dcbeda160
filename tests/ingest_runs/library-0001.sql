BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE chunks (
	edition VARCHAR(32) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	clause_id VARCHAR(64) NOT NULL, 
	path TEXT NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	context TEXT NOT NULL, 
	text TEXT NOT NULL, 
	passage_hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (edition, ordinal), 
	FOREIGN KEY(edition) REFERENCES documents (edition) ON DELETE CASCADE
);
INSERT INTO "chunks" VALUES('e208885ca8552eca616e3a4aa',0,'d7346ff121eda4cb7-k0-11','d7346ff121eda4cb7-c0-11','标题',0,11,'','关于推进校企合作的通知','c7915e76701afaab9b747cd3a4635c7ed5c00701c321f9c61d2f648a36c7b23b');
INSERT INTO "chunks" VALUES('e208885ca8552eca616e3a4aa',1,'d7346ff121eda4cb7-k13-24','d7346ff121eda4cb7-c13-24','文号',13,24,'关于推进校企合作的通知','江教发〔2023〕7号','c8fd54110e5be9e42c0ed51063794e46a7caa6e6a49adf367886a602733cd1cc');
INSERT INTO "chunks" VALUES('e208885ca8552eca616e3a4aa',2,'d7346ff121eda4cb7-k26-36','d7346ff121eda4cb7-c26-36','主送',26,36,'关于推进校企合作的通知','各县（市）区教育局：','dd06fe4e48b76b9d5d3da3d41d363006ab893d7b4b2cb465b41c00043c7f5d20');
INSERT INTO "chunks" VALUES('e208885ca8552eca616e3a4aa',3,'d7346ff121eda4cb7-k38-79','d7346ff121eda4cb7-c38-79','一',38,79,'关于推进校企合作的通知','一、建立实习基地
市教育局牵头建立实习基地，联系电话 0432-****5678。','26d6f19e00e22fa42055045434d64e75a12a199cb37ab82d8ad0f96607736d08');
INSERT INTO "chunks" VALUES('e208885ca8552eca616e3a4aa',4,'d7346ff121eda4cb7-k81-95','d7346ff121eda4cb7-c81-95','落款',81,95,'关于推进校企合作的通知','市教育局
2023年3月5日','678a257c5164f80d66610de0a7aacd3cfe28e85a06aba79b146e1f244198a0e8');
CREATE TABLE clauses (
	edition VARCHAR(32) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	parent_id VARCHAR(64), 
	path TEXT NOT NULL, 
	label TEXT NOT NULL, 
	heading TEXT NOT NULL, 
	level INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	PRIMARY KEY (edition, ordinal), 
	FOREIGN KEY(edition) REFERENCES documents (edition) ON DELETE CASCADE
);
INSERT INTO "clauses" VALUES('e208885ca8552eca616e3a4aa',0,'d7346ff121eda4cb7-c0-11',NULL,'标题','','关于推进校企合作的通知',0,'head',0,11);
INSERT INTO "clauses" VALUES('e208885ca8552eca616e3a4aa',1,'d7346ff121eda4cb7-c13-24',NULL,'文号','','',0,'head',13,24);
INSERT INTO "clauses" VALUES('e208885ca8552eca616e3a4aa',2,'d7346ff121eda4cb7-c26-36',NULL,'主送','','',0,'head',26,36);
INSERT INTO "clauses" VALUES('e208885ca8552eca616e3a4aa',3,'d7346ff121eda4cb7-c38-79',NULL,'一','一、','建立实习基地',1,'body',38,79);
INSERT INTO "clauses" VALUES('e208885ca8552eca616e3a4aa',4,'d7346ff121eda4cb7-c81-95',NULL,'落款','','',0,'tail',81,95);
CREATE TABLE conversations (
	id VARCHAR(128) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	updated_at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE documents (
	edition VARCHAR(32) NOT NULL, 
	id VARCHAR(32) NOT NULL, 
	title TEXT NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	text TEXT NOT NULL, 
	page_starts TEXT NOT NULL, 
	PRIMARY KEY (edition)
);
INSERT INTO "documents" VALUES('e208885ca8552eca616e3a4aa','d7346ff121eda4cb7','关于推进校企合作的通知','通知','关于推进校企合作的通知

江教发〔2023〕7号

各县（市）区教育局：

一、建立实习基地
市教育局牵头建立实习基地，联系电话 0432-****5678。

市教育局
2023年3月5日
','[]');
CREATE TABLE embeddings (
	model VARCHAR(255) NOT NULL, 
	passage_hash VARCHAR(64) NOT NULL, 
	dimension INTEGER NOT NULL, 
	vector BLOB NOT NULL, 
	PRIMARY KEY (model, passage_hash)
);
CREATE TABLE fields (
	edition VARCHAR(32) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	as_written TEXT NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	PRIMARY KEY (edition, ordinal), 
	FOREIGN KEY(edition) REFERENCES documents (edition) ON DELETE CASCADE
);
INSERT INTO "fields" VALUES('e208885ca8552eca616e3a4aa',0,'title','关于推进校企合作的通知','关于推进校企合作的通知',0,11);
INSERT INTO "fields" VALUES('e208885ca8552eca616e3a4aa',1,'number','江教发〔2023〕7号','江教发〔2023〕7号',13,24);
INSERT INTO "fields" VALUES('e208885ca8552eca616e3a4aa',2,'addressee','各县（市）区教育局','各县（市）区教育局',26,35);
INSERT INTO "fields" VALUES('e208885ca8552eca616e3a4aa',3,'issuer','市教育局','市教育局',81,85);
INSERT INTO "fields" VALUES('e208885ca8552eca616e3a4aa',4,'issued_on','2023-03-05','2023年3月5日',86,95);
CREATE TABLE generation_documents (
	generation VARCHAR(32) NOT NULL, 
	document_id VARCHAR(32) NOT NULL, 
	edition VARCHAR(32) NOT NULL, 
	source TEXT NOT NULL, 
	PRIMARY KEY (generation, document_id), 
	FOREIGN KEY(generation) REFERENCES generations (name) ON DELETE CASCADE, 
	FOREIGN KEY(edition) REFERENCES documents (edition)
);
INSERT INTO "generation_documents" VALUES('gen-1','d7346ff121eda4cb7','e208885ca8552eca616e3a4aa','a.txt');
CREATE TABLE generations (
	name VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	model VARCHAR(255), 
	documents INTEGER NOT NULL, 
	chunks INTEGER NOT NULL, 
	manifest_hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (name), 
	UNIQUE (number)
);
INSERT INTO "generations" VALUES('gen-1',1,'2026-11-23T06:11:33+00:00',NULL,1,5,'f73f9175d03f0330288379b16ca037104a701a853402968b2a289f017d97eb27');
CREATE TABLE problems (
	path VARCHAR(4096) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	place TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	lost BOOLEAN NOT NULL, 
	PRIMARY KEY (path, ordinal), 
	FOREIGN KEY(path) REFERENCES sources (path) ON DELETE CASCADE
);
INSERT INTO "problems" VALUES('/corpus/a.txt',0,'','已遮蔽 1 处电话或证件号码',0);
INSERT INTO "problems" VALUES('/corpus/b.bin',0,'','格式不支持：.bin（可收入 .htm、.html、.markdown、.md、.pdf、.txt）',1);
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	started_at VARCHAR(32) NOT NULL, 
	ended_at VARCHAR(32), 
	command VARCHAR(16) NOT NULL, 
	summary TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'2026-11-23T06:11:33+00:00','2026-11-23T06:11:34+00:00','run','{"command": "run", "files": 2, "read": 2, "documents": {"total": 1, "new": 1, "unchanged": 0, "removed": 0}, "clauses": 5, "embedded": 0, "model": null, "generation": "gen-1", "published": true, "lost": 1, "problems": [{"source": "a.txt", "place": "", "reason": "已遮蔽 1 处电话或证件号码", "lost": false}, {"source": "b.bin", "place": "", "reason": "格式不支持：.bin（可收入 .htm、.html、.markdown、.md、.pdf、.txt）", "lost": true}], "seconds": {"discover": 0.0, "read": 0.01, "publish": 0.38}}');
CREATE TABLE sources (
	path VARCHAR(4096) NOT NULL, 
	root TEXT NOT NULL, 
	name TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	mtime_ns BIGINT NOT NULL, 
	sha256 VARCHAR(64), 
	parser VARCHAR(128) NOT NULL, 
	edition VARCHAR(32), 
	PRIMARY KEY (path), 
	FOREIGN KEY(edition) REFERENCES documents (edition)
);
INSERT INTO "sources" VALUES('/corpus/a.txt','/corpus','a.txt',216,1795414293363446733,'ec9f4a80e435aa2b6d3cb78ab2b4f6779e7674392908ef5c17c15921d3684221','409bc81a3bfc/52428800','e208885ca8552eca616e3a4aa');
INSERT INTO "sources" VALUES('/corpus/b.bin','/corpus','b.bin',3,1795414293363446733,'b88c193009c22360a2a1e815905a7ea5f0b091647e5eaaff56a0cd90e22598b7','409bc81a3bfc/52428800',NULL);
CREATE TABLE turns (
	id INTEGER NOT NULL, 
	conversation_id VARCHAR(128) NOT NULL, 
	answer_id VARCHAR(128) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	question TEXT NOT NULL, 
	standalone_question TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	answer_json TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);
CREATE INDEX ix_documents_id ON documents (id);
CREATE INDEX ix_chunks_id ON chunks (id);
CREATE INDEX ix_chunks_passage_hash ON chunks (passage_hash);
CREATE INDEX ix_embeddings_passage_hash ON embeddings (passage_hash);
CREATE INDEX ix_sources_edition ON sources (edition);
CREATE INDEX ix_generation_documents_edition ON generation_documents (edition);
CREATE INDEX ix_turns_conversation_id ON turns (conversation_id);
COMMIT;
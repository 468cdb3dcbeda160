BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
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
INSERT INTO "chunks" VALUES('e0a3e25cdefb7be0cfdcfe7d6',0,'d1bf1f4d58c343a2d-k0-13','d1bf1f4d58c343a2d-c0-13','标题',0,13,'','关于建设实习基地的工作方案','3928cb617d7a205684d34720672c3012c7c53306537d8c14cf1d6d321af61df6');
INSERT INTO "chunks" VALUES('e0a3e25cdefb7be0cfdcfe7d6',1,'d1bf1f4d58c343a2d-k15-27','d1bf1f4d58c343a2d-c15-27','文号',15,27,'关于建设实习基地的工作方案','江教发〔2024〕12号','e84641f073f56ee07f322e60c8b4d06fa294a62804c6da46a1c567114311aa6d');
INSERT INTO "chunks" VALUES('e0a3e25cdefb7be0cfdcfe7d6',2,'d1bf1f4d58c343a2d-k29-39','d1bf1f4d58c343a2d-c29-39','主送',29,39,'关于建设实习基地的工作方案','各县（市）区教育局：','422a6dd8075623c0c3d7542743aaa7a289122f55440c3eed9f373f32e0f83d63');
INSERT INTO "chunks" VALUES('e0a3e25cdefb7be0cfdcfe7d6',3,'d1bf1f4d58c343a2d-k41-81','d1bf1f4d58c343a2d-c41-81','一',41,81,'关于建设实习基地的工作方案','一、建立实习基地
由市教育局牵头，市财政局配合，2024年底前建成实习基地三处。','1195ce0b6e2c0cfa92216c3ec6f4c7784cc5e915f38b8e696d98fa6cc434c900');
INSERT INTO "chunks" VALUES('e0a3e25cdefb7be0cfdcfe7d6',4,'d1bf1f4d58c343a2d-k83-107','d1bf1f4d58c343a2d-c83-107','二',83,107,'关于建设实习基地的工作方案','二、评选示范企业
拟由市科技局牵头评选示范企业。','b93651d8a48c8efe5d212b84c7f12c2cb15d2388e2dafe808c4b2ff633d226f7');
INSERT INTO "chunks" VALUES('e0a3e25cdefb7be0cfdcfe7d6',5,'d1bf1f4d58c343a2d-k109-123','d1bf1f4d58c343a2d-c109-123','落款',109,123,'关于建设实习基地的工作方案','市教育局
2024年3月5日','9c7c468a479fbd7e12a2be9c11850126a3afceaee41aaba014c51fee977a24df');
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
INSERT INTO "clauses" VALUES('e0a3e25cdefb7be0cfdcfe7d6',0,'d1bf1f4d58c343a2d-c0-13',NULL,'标题','','关于建设实习基地的工作方案',0,'head',0,13);
INSERT INTO "clauses" VALUES('e0a3e25cdefb7be0cfdcfe7d6',1,'d1bf1f4d58c343a2d-c15-27',NULL,'文号','','',0,'head',15,27);
INSERT INTO "clauses" VALUES('e0a3e25cdefb7be0cfdcfe7d6',2,'d1bf1f4d58c343a2d-c29-39',NULL,'主送','','',0,'head',29,39);
INSERT INTO "clauses" VALUES('e0a3e25cdefb7be0cfdcfe7d6',3,'d1bf1f4d58c343a2d-c41-81',NULL,'一','一、','建立实习基地',1,'body',41,81);
INSERT INTO "clauses" VALUES('e0a3e25cdefb7be0cfdcfe7d6',4,'d1bf1f4d58c343a2d-c83-107',NULL,'二','二、','评选示范企业',1,'body',83,107);
INSERT INTO "clauses" VALUES('e0a3e25cdefb7be0cfdcfe7d6',5,'d1bf1f4d58c343a2d-c109-123',NULL,'落款','','',0,'tail',109,123);
CREATE TABLE conversations (
	id VARCHAR(128) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	updated_at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "conversations" VALUES('ba3b15968fed4458b87e94e43b8886f6','2026-11-23T12:26:54+00:00','2026-11-23T12:26:54+00:00');
CREATE TABLE documents (
	edition VARCHAR(32) NOT NULL, 
	id VARCHAR(32) NOT NULL, 
	title TEXT NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	text TEXT NOT NULL, 
	page_starts TEXT NOT NULL, 
	PRIMARY KEY (edition)
);
INSERT INTO "documents" VALUES('e0a3e25cdefb7be0cfdcfe7d6','d1bf1f4d58c343a2d','关于建设实习基地的工作方案','方案','关于建设实习基地的工作方案

江教发〔2024〕12号

各县（市）区教育局：

一、建立实习基地
由市教育局牵头，市财政局配合，2024年底前建成实习基地三处。

二、评选示范企业
拟由市科技局牵头评选示范企业。

市教育局
2024年3月5日
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
INSERT INTO "fields" VALUES('e0a3e25cdefb7be0cfdcfe7d6',0,'title','关于建设实习基地的工作方案','关于建设实习基地的工作方案',0,13);
INSERT INTO "fields" VALUES('e0a3e25cdefb7be0cfdcfe7d6',1,'number','江教发〔2024〕12号','江教发〔2024〕12号',15,27);
INSERT INTO "fields" VALUES('e0a3e25cdefb7be0cfdcfe7d6',2,'addressee','各县（市）区教育局','各县（市）区教育局',29,38);
INSERT INTO "fields" VALUES('e0a3e25cdefb7be0cfdcfe7d6',3,'issuer','市教育局','市教育局',109,113);
INSERT INTO "fields" VALUES('e0a3e25cdefb7be0cfdcfe7d6',4,'issued_on','2024-03-05','2024年3月5日',114,123);
CREATE TABLE generation_documents (
	generation VARCHAR(32) NOT NULL, 
	document_id VARCHAR(32) NOT NULL, 
	edition VARCHAR(32) NOT NULL, 
	source TEXT NOT NULL, superseded BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (generation, document_id), 
	FOREIGN KEY(generation) REFERENCES generations (name) ON DELETE CASCADE, 
	FOREIGN KEY(edition) REFERENCES documents (edition)
);
INSERT INTO "generation_documents" VALUES('gen-1','d1bf1f4d58c343a2d','e0a3e25cdefb7be0cfdcfe7d6','方案.txt',0);
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
INSERT INTO "generations" VALUES('gen-1',1,'2026-11-23T12:26:48+00:00',NULL,1,6,'13b3867f710f7ba137430b0fa7e0157bd50e759a404af81c684f9d23a58e675f');
CREATE TABLE links (
	kind VARCHAR(16) NOT NULL, 
	subject VARCHAR(32) NOT NULL, 
	object VARCHAR(32) NOT NULL, 
	note TEXT NOT NULL, 
	PRIMARY KEY (kind, subject, object)
);
CREATE TABLE marks (
	name VARCHAR(32) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE problems (
	path VARCHAR(4096) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	place TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	lost BOOLEAN NOT NULL, 
	PRIMARY KEY (path, ordinal), 
	FOREIGN KEY(path) REFERENCES sources (path) ON DELETE CASCADE
);
INSERT INTO "problems" VALUES('/tmp/upgrade/corpus/坏.bin',0,'','格式不支持：.bin（可收入 .bmp、.csv、.doc、.docx、.dot、.eml、.htm、.html、.jpeg、.jpg、.markdown、.md、.mht、.mhtml、.ofd、.pdf、.png、.rtf、.tif、.tiff、.txt、.wps、.wpt、.xls、.xlsm、.xlsx）',1);
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	started_at VARCHAR(32) NOT NULL, 
	ended_at VARCHAR(32), 
	command VARCHAR(16) NOT NULL, 
	summary TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'2026-11-23T12:26:46+00:00','2026-11-23T12:26:50+00:00','run','{"command": "run", "files": 2, "read": 2, "documents": {"total": 1, "new": 1, "unchanged": 0, "removed": 0}, "clauses": 6, "embedded": 0, "model": null, "generation": "gen-1", "published": true, "lost": 1, "problems": [{"source": "坏.bin", "place": "", "reason": "格式不支持：.bin（可收入 .bmp、.csv、.doc、.docx、.dot、.eml、.htm、.html、.jpeg、.jpg、.markdown、.md、.mht、.mhtml、.ofd、.pdf、.png、.rtf、.tif、.tiff、.txt、.wps、.wpt、.xls、.xlsm、.xlsx）", "lost": true}], "seconds": {"discover": 0.01, "read": 1.57, "publish": 2.23}}');
CREATE TABLE sources (
	path VARCHAR(4096) NOT NULL, 
	root TEXT NOT NULL, 
	name TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	mtime_ns BIGINT NOT NULL, 
	sha256 VARCHAR(64), 
	parser VARCHAR(128) NOT NULL, 
	edition VARCHAR(32), container VARCHAR(4096), since INTEGER, 
	PRIMARY KEY (path), 
	FOREIGN KEY(edition) REFERENCES documents (edition)
);
INSERT INTO "sources" VALUES('/tmp/upgrade/corpus/坏.bin','/tmp/upgrade/corpus','坏.bin',8,1795436803972393732,'f8c1ccc7df7243da4740c5b7875f88b70e3f935d99c7b37a5f7239d152d994e6','448c94b6b223/52428800/2000/500/60000000/5000000/20.0/1073741824',NULL,NULL,1);
INSERT INTO "sources" VALUES('/tmp/upgrade/corpus/方案.txt','/tmp/upgrade/corpus','方案.txt',312,1795436803971082389,'1bf1f4d58c343a2d9483f489a3b82c3f0f6151b6ebab8a5168d9a242faf415da','448c94b6b223/52428800/2000/500/60000000/5000000/20.0/1073741824','e0a3e25cdefb7be0cfdcfe7d6',NULL,1);
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
INSERT INTO "turns" VALUES(1,'ba3b15968fed4458b87e94e43b8886f6','a3a8e82072474456bb80fb07042c0bb5','2026-11-23T12:26:54+00:00','实习基地由谁牵头？','实习基地由谁牵头？','据《关于建设实习基地的工作方案》（江教发〔2024〕12号）：
建立实习基地：市教育局牵头，市财政局配合：“由市教育局牵头，市财政局配合，2024年底前建成实习基地三处”[1][2]','{"id": "a3a8e82072474456bb80fb07042c0bb5", "conversation_id": "ba3b15968fed4458b87e94e43b8886f6", "question": "实习基地由谁牵头？", "standalone_question": "实习基地由谁牵头？", "answer": "据《关于建设实习基地的工作方案》（江教发〔2024〕12号）：\n建立实习基地：市教育局牵头，市财政局配合：“由市教育局牵头，市财政局配合，2024年底前建成实习基地三处”[1][2]", "verdict": "answered", "citations": [{"n": 1, "document_id": "d1bf1f4d58c343a2d", "title": "关于建设实习基地的工作方案", "number": "江教发〔2024〕12号", "path": "一", "page": null, "start": 50, "end": 80, "quote": "由市教育局牵头，市财政局配合，2024年底前建成实习基地三处", "url": "/documents/d1bf1f4d58c343a2d#50-80"}, {"n": 2, "document_id": "d1bf1f4d58c343a2d", "title": "关于建设实习基地的工作方案", "number": "江教发〔2024〕12号", "path": "一", "page": null, "start": 41, "end": 49, "quote": "一、建立实习基地", "url": "/documents/d1bf1f4d58c343a2d#41-49"}], "commitments": [{"task": "2024年底前建成实习基地三处。", "lead_units": ["市教育局"], "cooperating_units": ["市财政局"], "role": "牵头", "basis": "explicit", "deadline": {"as_written": "2024年底前", "date": null, "kind": "fixed"}, "status": {"state": "unclear", "cue": null, "as_of": null}, "citations": [1, 2]}], "completeness": null, "model": "extractive", "prompt": null, "index": "gen-1", "timings_ms": {"understand": 8.8, "retrieve": 57.8, "compose": 1.6, "total": 103.9}, "notices": []}');
CREATE TABLE versions (
	path VARCHAR(4096) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	edition VARCHAR(32) NOT NULL, 
	PRIMARY KEY (path, ordinal), 
	FOREIGN KEY(path) REFERENCES sources (path) ON DELETE CASCADE, 
	FOREIGN KEY(edition) REFERENCES documents (edition)
);
CREATE INDEX ix_documents_id ON documents (id);
CREATE INDEX ix_chunks_id ON chunks (id);
CREATE INDEX ix_chunks_passage_hash ON chunks (passage_hash);
CREATE INDEX ix_embeddings_passage_hash ON embeddings (passage_hash);
CREATE INDEX ix_sources_edition ON sources (edition);
CREATE INDEX ix_generation_documents_edition ON generation_documents (edition);
CREATE INDEX ix_turns_conversation_id ON turns (conversation_id);
CREATE INDEX ix_sources_container ON sources (container);
CREATE INDEX ix_versions_edition ON versions (edition);
CREATE INDEX ix_links_subject ON links (subject);
CREATE INDEX ix_links_object ON links (object);
COMMIT;

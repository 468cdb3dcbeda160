BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0010');
CREATE TABLE api_keys (
	id VARCHAR(16) NOT NULL, 
	name TEXT NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	scopes TEXT NOT NULL, 
	clearance TEXT NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	expires_at VARCHAR(32), 
	revoked_at VARCHAR(32), 
	last_used_at VARCHAR(32), 
	PRIMARY KEY (id)
);
INSERT INTO "api_keys" VALUES('37c8ddd78b18','门户','209c2c76c0cbd975624b44a69d9572906ec2bfa0f0226a46759db8bc1fd3f9e0','["ask", "read"]','{"internal": true, "departments": [], "everything": false}','2026-11-23T12:29:11.376+00:00','2036-11-20T12:29:11.376+00:00',NULL,NULL);
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	who VARCHAR(128) NOT NULL, 
	action VARCHAR(32) NOT NULL, 
	object TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	request_id VARCHAR(32) NOT NULL, 
	content TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-11-23T12:29:11.410+00:00','local','key.create','37c8ddd78b18',0,'','');
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
INSERT INTO "chunks" VALUES('e9be1ffa4ba0ebcb11c5d193a',0,'d1bf1f4d58c343a2d-k0-13','d1bf1f4d58c343a2d-c0-13','标题',0,13,'','关于建设实习基地的工作方案','3928cb617d7a205684d34720672c3012c7c53306537d8c14cf1d6d321af61df6');
INSERT INTO "chunks" VALUES('e9be1ffa4ba0ebcb11c5d193a',1,'d1bf1f4d58c343a2d-k15-27','d1bf1f4d58c343a2d-c15-27','文号',15,27,'关于建设实习基地的工作方案','江教发〔2024〕12号','e84641f073f56ee07f322e60c8b4d06fa294a62804c6da46a1c567114311aa6d');
INSERT INTO "chunks" VALUES('e9be1ffa4ba0ebcb11c5d193a',2,'d1bf1f4d58c343a2d-k29-39','d1bf1f4d58c343a2d-c29-39','主送',29,39,'关于建设实习基地的工作方案','各县（市）区教育局：','422a6dd8075623c0c3d7542743aaa7a289122f55440c3eed9f373f32e0f83d63');
INSERT INTO "chunks" VALUES('e9be1ffa4ba0ebcb11c5d193a',3,'d1bf1f4d58c343a2d-k41-81','d1bf1f4d58c343a2d-c41-81','一',41,81,'关于建设实习基地的工作方案','一、建立实习基地
由市教育局牵头，市财政局配合，2024年底前建成实习基地三处。','1195ce0b6e2c0cfa92216c3ec6f4c7784cc5e915f38b8e696d98fa6cc434c900');
INSERT INTO "chunks" VALUES('e9be1ffa4ba0ebcb11c5d193a',4,'d1bf1f4d58c343a2d-k83-107','d1bf1f4d58c343a2d-c83-107','二',83,107,'关于建设实习基地的工作方案','二、评选示范企业
拟由市科技局牵头评选示范企业。','b93651d8a48c8efe5d212b84c7f12c2cb15d2388e2dafe808c4b2ff633d226f7');
INSERT INTO "chunks" VALUES('e9be1ffa4ba0ebcb11c5d193a',5,'d1bf1f4d58c343a2d-k109-123','d1bf1f4d58c343a2d-c109-123','落款',109,123,'关于建设实习基地的工作方案','市教育局
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
INSERT INTO "clauses" VALUES('e9be1ffa4ba0ebcb11c5d193a',0,'d1bf1f4d58c343a2d-c0-13',NULL,'标题','','关于建设实习基地的工作方案',0,'head',0,13);
INSERT INTO "clauses" VALUES('e9be1ffa4ba0ebcb11c5d193a',1,'d1bf1f4d58c343a2d-c15-27',NULL,'文号','','',0,'head',15,27);
INSERT INTO "clauses" VALUES('e9be1ffa4ba0ebcb11c5d193a',2,'d1bf1f4d58c343a2d-c29-39',NULL,'主送','','',0,'head',29,39);
INSERT INTO "clauses" VALUES('e9be1ffa4ba0ebcb11c5d193a',3,'d1bf1f4d58c343a2d-c41-81',NULL,'一','一、','建立实习基地',1,'body',41,81);
INSERT INTO "clauses" VALUES('e9be1ffa4ba0ebcb11c5d193a',4,'d1bf1f4d58c343a2d-c83-107',NULL,'二','二、','评选示范企业',1,'body',83,107);
INSERT INTO "clauses" VALUES('e9be1ffa4ba0ebcb11c5d193a',5,'d1bf1f4d58c343a2d-c109-123',NULL,'落款','','',0,'tail',109,123);
CREATE TABLE commitments (
	edition VARCHAR(32) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	entry TEXT NOT NULL, 
	PRIMARY KEY (edition, ordinal), 
	FOREIGN KEY(edition) REFERENCES documents (edition) ON DELETE CASCADE
);
INSERT INTO "commitments" VALUES('e9be1ffa4ba0ebcb11c5d193a',0,'mb1901d1602499f48','{"id": "mb1901d1602499f48", "document_id": "d1bf1f4d58c343a2d", "title": "关于建设实习基地的工作方案", "number": "江教发〔2024〕12号", "source": "方案.txt", "dated": "2024-03-05", "clause_id": "d1bf1f4d58c343a2d-c41-81", "path": "一", "page": null, "start": 50, "end": 81, "quote": "由市教育局牵头，市财政局配合，2024年底前建成实习基地三处。", "commitment": {"task": "2024年底前建成实习基地三处。", "lead_units": ["市教育局"], "cooperating_units": ["市财政局"], "role": "牵头", "basis": "explicit", "deadline": {"as_written": "2024年底前", "date": "2024-12-31", "kind": "fixed"}, "status": {"state": "unclear", "cue": null, "as_of": null}, "citations": [], "review": null}, "meant": [], "helps": [], "due_on": "2024-12-31", "due_inferred": false, "due_note": "到期日2024年12月31日", "events": [], "above": null, "rule": "by", "words": "69a463e28c3f36e0", "cue": "由市教育局牵头"}');
INSERT INTO "commitments" VALUES('e9be1ffa4ba0ebcb11c5d193a',1,'mdc103bbe7900f949','{"id": "mdc103bbe7900f949", "document_id": "d1bf1f4d58c343a2d", "title": "关于建设实习基地的工作方案", "number": "江教发〔2024〕12号", "source": "方案.txt", "dated": "2024-03-05", "clause_id": "d1bf1f4d58c343a2d-c83-107", "path": "二", "page": null, "start": 92, "end": 107, "quote": "拟由市科技局牵头评选示范企业。", "commitment": {"task": "评选示范企业。", "lead_units": ["市科技局"], "cooperating_units": [], "role": "牵头", "basis": "explicit", "deadline": {"as_written": null, "date": null, "kind": "none"}, "status": {"state": "planned", "cue": "拟", "as_of": null}, "citations": [], "review": null}, "meant": [], "helps": [], "due_on": null, "due_inferred": false, "due_note": "", "events": [], "above": null, "rule": "by", "words": "3f1749b12f58b29a", "cue": "拟由市科技局牵头"}');
CREATE TABLE conversations (
	id VARCHAR(128) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	updated_at VARCHAR(32) NOT NULL, owner VARCHAR(128) DEFAULT 'local' NOT NULL, title TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "conversations" VALUES('f4a941ba61e6496b9c435f138c24762c','2026-11-23T12:28:58.569+00:00','2026-11-23T12:28:58.569+00:00','local','实习基地由谁牵头？');
CREATE TABLE documents (
	edition VARCHAR(32) NOT NULL, 
	id VARCHAR(32) NOT NULL, 
	title TEXT NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	text TEXT NOT NULL, 
	page_starts TEXT NOT NULL, 
	PRIMARY KEY (edition)
);
INSERT INTO "documents" VALUES('e9be1ffa4ba0ebcb11c5d193a','d1bf1f4d58c343a2d','关于建设实习基地的工作方案','方案','关于建设实习基地的工作方案

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
CREATE TABLE extractions (
	edition VARCHAR(32) NOT NULL, 
	rules VARCHAR(32) NOT NULL, 
	PRIMARY KEY (edition), 
	FOREIGN KEY(edition) REFERENCES documents (edition) ON DELETE CASCADE
);
INSERT INTO "extractions" VALUES('e9be1ffa4ba0ebcb11c5d193a','165f00e3427d');
CREATE TABLE feedback (
	id INTEGER NOT NULL, 
	answer_id VARCHAR(128) NOT NULL, 
	owner VARCHAR(128) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	useful BOOLEAN NOT NULL, 
	reasons TEXT NOT NULL, 
	note TEXT NOT NULL, 
	questions TEXT NOT NULL, 
	answer_json TEXT NOT NULL, 
	PRIMARY KEY (id)
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
INSERT INTO "fields" VALUES('e9be1ffa4ba0ebcb11c5d193a',0,'title','关于建设实习基地的工作方案','关于建设实习基地的工作方案',0,13);
INSERT INTO "fields" VALUES('e9be1ffa4ba0ebcb11c5d193a',1,'number','江教发〔2024〕12号','江教发〔2024〕12号',15,27);
INSERT INTO "fields" VALUES('e9be1ffa4ba0ebcb11c5d193a',2,'addressee','各县（市）区教育局','各县（市）区教育局',29,38);
INSERT INTO "fields" VALUES('e9be1ffa4ba0ebcb11c5d193a',3,'issuer','市教育局','市教育局',109,113);
INSERT INTO "fields" VALUES('e9be1ffa4ba0ebcb11c5d193a',4,'issued_on','2024-03-05','2024年3月5日',114,123);
INSERT INTO "fields" VALUES('e9be1ffa4ba0ebcb11c5d193a',5,'kind_confidence','0.99','关于建设实习基地的工作方案',0,13);
CREATE TABLE generation_documents (
	generation VARCHAR(32) NOT NULL, 
	document_id VARCHAR(32) NOT NULL, 
	edition VARCHAR(32) NOT NULL, 
	source TEXT NOT NULL, superseded BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (generation, document_id), 
	FOREIGN KEY(generation) REFERENCES generations (name) ON DELETE CASCADE, 
	FOREIGN KEY(edition) REFERENCES documents (edition)
);
INSERT INTO "generation_documents" VALUES('gen-1','d1bf1f4d58c343a2d','e9be1ffa4ba0ebcb11c5d193a','方案.txt',0);
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
INSERT INTO "generations" VALUES('gen-1',1,'2026-11-23T12:28:52+00:00',NULL,1,6,'178c5719cd541b6ae0a3ebd5fa3989437f8fe1bf4087a896e181450d70b7b0b8');
CREATE TABLE labels (
	document_id VARCHAR(32) NOT NULL, 
	label TEXT NOT NULL, 
	PRIMARY KEY (document_id)
);
INSERT INTO "labels" VALUES('d1bf1f4d58c343a2d','内部');
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
INSERT INTO "marks" VALUES('labels','d1f0f251733a');
INSERT INTO "marks" VALUES('links','faa71809736c00fc97793ce5ba1b4f8233ba9d04e2a0b67d95489f4412c710c6');
CREATE TABLE mentions (
	edition VARCHAR(32) NOT NULL, 
	rules VARCHAR(32) NOT NULL, 
	told TEXT NOT NULL, 
	PRIMARY KEY (edition), 
	FOREIGN KEY(edition) REFERENCES documents (edition) ON DELETE CASCADE
);
INSERT INTO "mentions" VALUES('e9be1ffa4ba0ebcb11c5d193a','165f00e3427d','{"document_id": "d1bf1f4d58c343a2d", "title": "关于建设实习基地的工作方案", "number": "江教发〔2024〕12号", "kind": "方案", "dated": "2024-03-05", "year": 2024, "dated_by": "成文日期", "about": "", "national": false, "cites": [], "mentions": [{"name": "实习基地", "full": "实习基地", "says": "duty", "path": "一", "page": null, "start": 50, "end": 81, "quote": "由市教育局牵头，市财政局配合，2024年底前建成实习基地三处。", "table": false, "attached": false, "leads": ["市教育局"], "cooperating": ["市财政局"], "role": "牵头", "inherited": false, "limit": "2024年底前", "limit_kind": "fixed", "due_on": "2024-12-31", "due_inferred": false, "stage": "end", "state": "unclear", "cue": null, "on": null, "on_inferred": false, "change": null, "proposed": false, "was": [], "was_limit": null, "entry_id": "mb1901d1602499f48"}], "renamed": []}');
CREATE TABLE problems (
	path VARCHAR(4096) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	place TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	lost BOOLEAN NOT NULL, 
	PRIMARY KEY (path, ordinal), 
	FOREIGN KEY(path) REFERENCES sources (path) ON DELETE CASCADE
);
INSERT INTO "problems" VALUES('/tmp/upgrade/corpus/坏.bin',0,'','格式不支持：.bin（可收入 .bmp、.csv、.doc、.docm、.docx、.dot、.dotm、.dotx、.eml、.htm、.html、.jpeg、.jpg、.markdown、.md、.mht、.mhtml、.ofd、.pdf、.png、.rtf、.tif、.tiff、.txt、.wps、.wpt、.xls、.xlsm、.xlsx）',1);
CREATE TABLE reviews (
	number INTEGER NOT NULL, 
	commitment_id VARCHAR(64) NOT NULL, 
	action VARCHAR(16) NOT NULL, 
	reviewer TEXT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	why TEXT NOT NULL, 
	changes TEXT NOT NULL, 
	document_id VARCHAR(32) NOT NULL, 
	document TEXT NOT NULL, 
	title TEXT NOT NULL, 
	path TEXT NOT NULL, 
	words VARCHAR(32) NOT NULL, 
	clause TEXT NOT NULL, 
	quote TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "reviews" VALUES(1,'mb1901d1602499f48','confirm','张三','2026-11-23T12:29:07Z','','{"task": "2024年底前建成实习基地三处。", "lead_units": ["市教育局"], "cooperating_units": ["市财政局"], "role": "牵头", "due": "2024-12-31", "status": "unclear"}','d1bf1f4d58c343a2d','江教发〔2024〕12号','关于建设实习基地的工作方案','一','69a463e28c3f36e0','一、建立实习基地
由市教育局牵头，市财政局配合，2024年底前建成实习基地三处。','由市教育局牵头，市财政局配合，2024年底前建成实习基地三处。');
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	started_at VARCHAR(32) NOT NULL, 
	ended_at VARCHAR(32), 
	command VARCHAR(16) NOT NULL, 
	summary TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'2026-11-23T12:28:50+00:00','2026-11-23T12:28:54+00:00','run','{"command": "run", "files": 2, "read": 2, "documents": {"total": 1, "new": 1, "unchanged": 0, "removed": 0, "superseded": 0}, "clauses": 6, "embedded": 0, "model": null, "generation": "gen-1", "published": true, "lost": 1, "problems": [{"source": "坏.bin", "place": "", "reason": "格式不支持：.bin（可收入 .bmp、.csv、.doc、.docm、.docx、.dot、.dotm、.dotx、.eml、.htm、.html、.jpeg、.jpg、.markdown、.md、.mht、.mhtml、.ofd、.pdf、.png、.rtf、.tif、.tiff、.txt、.wps、.wpt、.xls、.xlsm、.xlsx）", "lost": true}], "seconds": {"discover": 0.01, "read": 1.74, "label": 0.03, "relate": 0.04, "ledger": 0.08, "publish": 2.24}}');
CREATE TABLE source_labels (
	path VARCHAR(4096) NOT NULL, 
	label TEXT NOT NULL, 
	origin VARCHAR(16) NOT NULL, 
	PRIMARY KEY (path), 
	FOREIGN KEY(path) REFERENCES sources (path) ON DELETE CASCADE
);
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
INSERT INTO "sources" VALUES('/tmp/upgrade/corpus/坏.bin','/tmp/upgrade/corpus','坏.bin',8,1795436803972393732,'f8c1ccc7df7243da4740c5b7875f88b70e3f935d99c7b37a5f7239d152d994e6','e8a102b41e7b/52428800/2000/500/60000000/5000000/500000/314572800/250/2000/10000/2/20.0/1073741824/60.0/4294967296/120.0/8589934592',NULL,NULL,1);
INSERT INTO "sources" VALUES('/tmp/upgrade/corpus/方案.txt','/tmp/upgrade/corpus','方案.txt',312,1795436803971082389,'1bf1f4d58c343a2d9483f489a3b82c3f0f6151b6ebab8a5168d9a242faf415da','e8a102b41e7b/52428800/2000/500/60000000/5000000/500000/314572800/250/2000/10000/2/20.0/1073741824/60.0/4294967296/120.0/8589934592','e9be1ffa4ba0ebcb11c5d193a',NULL,1);
CREATE TABLE traits (
	document_id VARCHAR(32) NOT NULL, 
	rules VARCHAR(128) NOT NULL, 
	told TEXT NOT NULL, 
	signature BLOB NOT NULL, 
	PRIMARY KEY (document_id)
);
INSERT INTO "traits" VALUES('d1bf1f4d58c343a2d','1','{"length": 124, "endings": [], "alike": {}}',X'C4C71D1F5B179910031779AF3CF5232D3B6947466D067B1652E8916FA61C5B44A9A5D96FA40F923F5E284391B11ED0102E13F5220988773D829089687231B5047511CCC1355F2395C0D77D04D2B4D5111D7C8C65905EA01C08B0412DBA7A7C5EA079CF1B2762050BFA06983B468E54114739DC5B3CF8614010C7DA04A98761152A06BF3D59D84F12661B381BCBA59C5A3F3F6E280E459B1112BA856E7861ADC05C0EE738B3BAF477D9899326A42493283D7585880A3ED71C34C73A042562611D70155815616FB83C7268E83846EADD6325B067C0D73D4C520B025F2F0E5C2F1C8922A1070E4FC008F099F7047688D580E60A50AFA6BFDA5C6CDD6B423829AD0ED79B4021AE51184DA435B89C92E263325947680BE257AB397CD35517CEE246036D823761B61FD73CC1E12CC033DA04197C171B9E604F161FFEFADA36948EDE4F37A6AF0AAD1300C0E647726164D19A31FC986CC43C7BEB9BA5D9210894C15A49C3A1C11B8AC32928719277A9DFAA32073792B950A9FE0220E8983D1ED4A5B22EA163CBC114D35664AD4D474E1E858C85FD19EC0EDC27951EF6005F074270AE00BD62B91A9FC698349B0871336873970218058A67E77716378FA6F1091FA6324794491C3688BBA519342C52AE57D75564C95A8A2B800C6CB237EDB61803D6608591FBD70DC46FBFA9F5DA988A56858F17DEF1DF07EF24C84960E8F80B977C8BC0');
CREATE TABLE turns (
	id INTEGER NOT NULL, 
	conversation_id VARCHAR(128) NOT NULL, 
	answer_id VARCHAR(128) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	question TEXT NOT NULL, 
	standalone_question TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	answer_json TEXT NOT NULL, verdict VARCHAR(16) DEFAULT '' NOT NULL, withheld INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);
INSERT INTO "turns" VALUES(1,'f4a941ba61e6496b9c435f138c24762c','179be174ad184215ab47464cfe2f4e63','2026-11-23T12:28:58.569+00:00','实习基地由谁牵头？','实习基地由谁牵头？','据《关于建设实习基地的工作方案》（江教发〔2024〕12号）：
建立实习基地：市教育局牵头，市财政局配合：“由市教育局牵头，市财政局配合，2024年底前建成实习基地三处”[1][2]','{"id": "179be174ad184215ab47464cfe2f4e63", "conversation_id": "f4a941ba61e6496b9c435f138c24762c", "question": "实习基地由谁牵头？", "standalone_question": "实习基地由谁牵头？", "answer": "据《关于建设实习基地的工作方案》（江教发〔2024〕12号）：\n建立实习基地：市教育局牵头，市财政局配合：“由市教育局牵头，市财政局配合，2024年底前建成实习基地三处”[1][2]", "verdict": "answered", "citations": [{"n": 1, "document_id": "d1bf1f4d58c343a2d", "title": "关于建设实习基地的工作方案", "number": "江教发〔2024〕12号", "path": "一", "page": null, "start": 50, "end": 80, "quote": "由市教育局牵头，市财政局配合，2024年底前建成实习基地三处", "date": "2024-03-05", "url": "/documents/d1bf1f4d58c343a2d#50-80"}, {"n": 2, "document_id": "d1bf1f4d58c343a2d", "title": "关于建设实习基地的工作方案", "number": "江教发〔2024〕12号", "path": "一", "page": null, "start": 41, "end": 49, "quote": "一、建立实习基地", "date": "2024-03-05", "url": "/documents/d1bf1f4d58c343a2d#41-49"}], "commitments": [{"task": "2024年底前建成实习基地三处。", "lead_units": ["市教育局"], "cooperating_units": ["市财政局"], "role": "牵头", "basis": "explicit", "deadline": {"as_written": "2024年底前", "date": "2024-12-31", "kind": "fixed"}, "status": {"state": "unclear", "cue": null, "as_of": null}, "citations": [1, 2], "review": null}], "completeness": null, "model": "extractive", "prompt": null, "index": "gen-1", "timings_ms": {"understand": 13.7, "retrieve": 53.9, "compose": 24.5, "total": 140.3}, "notices": [], "withheld": 0, "stopped": false}','answered',0);
CREATE TABLE versions (
	path VARCHAR(4096) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	edition VARCHAR(32) NOT NULL, 
	PRIMARY KEY (path, ordinal), 
	FOREIGN KEY(path) REFERENCES sources (path) ON DELETE CASCADE, 
	FOREIGN KEY(edition) REFERENCES documents (edition)
);
CREATE TABLE wecom_answers (
	feedback_id VARCHAR(256) NOT NULL, 
	answer_id VARCHAR(128) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (feedback_id)
);
CREATE TABLE wecom_messages (
	id VARCHAR(256) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE wecom_sessions (
	session VARCHAR(400) NOT NULL, 
	conversation_id VARCHAR(128) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (session)
);
CREATE TABLE wecom_sources (
	session VARCHAR(400) NOT NULL, 
	citations TEXT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (session)
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
CREATE INDEX ix_commitments_id ON commitments (id);
CREATE INDEX ix_conversations_owner_updated_at ON conversations (owner, updated_at);
CREATE INDEX ix_turns_answer_id ON turns (answer_id);
CREATE UNIQUE INDEX ix_feedback_answer_id_owner ON feedback (answer_id, owner);
CREATE INDEX ix_reviews_commitment_id ON reviews (commitment_id);
CREATE INDEX ix_reviews_document_id ON reviews (document_id);
CREATE INDEX ix_audit_at ON audit (at);
CREATE INDEX ix_wecom_messages_at ON wecom_messages (at);
CREATE INDEX ix_wecom_answers_at ON wecom_answers (at);
CREATE INDEX ix_wecom_sources_at ON wecom_sources (at);
COMMIT;

"""Writes Parquet files with pyarrow.

write_parquet.py tables DIRECTORY writes <name>.parquet of every kind, and prints for each name the columns and
the rows: the texts that a CSV file would have, lists for lists, null for null.

write_parquet.py csv FILE PARQUET [OPTIONS] converts a CSV file; OPTIONS are those of write_table, as JSON. A
value with ';' in the column tags is a list.

write_parquet.py read PARQUET prints the schema and the rows of a file, sizes PARQUET the numbers of its rows, row
groups and values of the column vector.
"""

import decimal
import json
import os
import sys

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq


def text(value):
    if isinstance(value, list):
        return [text(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode()
    return None if value is None else str(value)


def convert(source, target, options="{}"):
    strings = pa.csv.ConvertOptions(
        strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""]
    )
    table = pa.csv.read_csv(source, convert_options=strings)
    if "tags" in table.column_names:
        at = table.column_names.index("tags")
        lists = [None if one is None else one.split(";") for one in table.column("tags").to_pylist()]
        table = table.set_column(at, "tags", pa.array(lists, pa.list_(pa.string())))
    pq.write_table(table, target, **json.loads(options))
    return {}


ROWS = 1000


def repeated(values, type=None):
    return pa.array((values * ROWS)[:ROWS], type)


def images():
    return pa.table(
        {
            "path": [f"photos/{i:04d} ü.jpg" for i in range(ROWS)],
            "label": repeated(["cat", "dog", None, "a;b", ""]),
            "weight": repeated([1.5, None, 0.25]),
        }
    )


def types():
    numbers = {
        "int8": pa.int8(),
        "int16": pa.int16(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "uint8": pa.uint8(),
        "uint16": pa.uint16(),
        "uint32": pa.uint32(),
        "uint64": pa.uint64(),
    }
    columns = {
        name: pa.array(
            [None, 0, 2 ** (type.bit_width - (0 if name[0] == "u" else 1)) - 1, 7], type
        )
        for name, type in numbers.items()
    }
    columns["negative"] = pa.array([-1, -(2**63), None, 3])
    columns["float32"] = pa.array([0.5, None, -2.25, 16.0], pa.float32())
    columns["float64"] = pa.array([0.1, None, -2.25, 123456.75])
    columns["truth"] = pa.array([True, False, None, True])
    columns["nothing"] = pa.nulls(4)
    columns["category"] = pa.array(["x", "y", None, "x"]).dictionary_encode()
    columns["large"] = pa.array(["x", "", None, "日本"], pa.large_string())
    columns["bytes"] = pa.array([b"x", b"", None, "ä".encode()])
    for precision in (7, 15, 30):
        columns[f"decimal{precision}"] = pa.array(
            [decimal.Decimal("-1.50"), None, decimal.Decimal("0.25"), decimal.Decimal("99.00")],
            pa.decimal128(precision, 2),
        )
    return pa.table(columns)


def lists():
    values = [["a", "b"], [], None, ["c"], ["d", "e", "f"]]
    required = pa.field("element", pa.string(), nullable=False)
    return pa.table(
        {
            "list": repeated(values, pa.list_(pa.string())),
            "large": repeated(values, pa.large_list(pa.string())),
            "required": repeated(values, pa.list_(required)),
            "numbers": repeated([[1, 2], None, []], pa.list_(pa.int64())),
            "last": repeated(["x", None]),
        }
    )


def other_columns():
    return images().append_column(
        "image", repeated([{"bytes": b"\xff\xd8", "path": "x"}, None])
    ).append_column("time", repeated([0, 1], pa.timestamp("us")))


def tables(directory):
    expected = {}

    def write(name, table, read=None, **options):
        pq.write_table(table, os.path.join(directory, name + ".parquet"), **options)
        shown = table.select(read) if read else table
        rows = [[text(one) for one in row.values()] for row in shown.to_pylist()]
        expected[name] = {"columns": table.column_names, "read": shown.column_names, "rows": rows}

    for codec in ["none", "snappy", "gzip", "zstd", "lz4"]:
        for page in ["1.0", "2.0"]:
            for dictionary in [True, False]:
                kind = "dictionary" if dictionary else "plain"
                write(
                    f"{codec}-{page}-{kind}",
                    images(),
                    compression=codec,
                    data_page_version=page,
                    use_dictionary=dictionary,
                )
    for page in ["1.0", "2.0"]:
        write(f"types-{page}", types(), data_page_version=page)
        write(f"lists-{page}", lists(), data_page_version=page, compression="zstd")
    write("lists-old", lists(), use_compliant_nested_type=False, store_schema=False, version="1.0")
    write("types-plain", types(), use_dictionary=False, compression="none")
    write(
        "delta",
        images().append_column("number", pa.array(range(-7, 7 * ROWS - 7, 7))),
        use_dictionary=False,
        column_encoding={
            "path": "DELTA_BYTE_ARRAY",
            "label": "DELTA_LENGTH_BYTE_ARRAY",
            "weight": "BYTE_STREAM_SPLIT",
            "number": "DELTA_BINARY_PACKED",
        },
    )
    write("groups", images(), row_group_size=7, data_page_size=64, write_batch_size=3)
    write("pages", images(), data_page_size=64, write_batch_size=3)
    write("checksums", images(), write_page_checksum=True, compression="none")
    write("bare", images(), write_statistics=False, store_schema=False, write_page_index=False)
    write("others", other_columns(), read=["path", "label", "weight"], row_group_size=100)
    write("empty", images().slice(0, 0))
    write("one", images().slice(0, 1))

    unreadable = {
        "timestamp": pa.array([0], pa.timestamp("us")),
        "date": pa.array([0], pa.date32()),
        "time": pa.array([0], pa.time64("us")),
        "structure": pa.array([{"a": 1}]),
        "map": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
        "structures": pa.array([[{"a": 1}]]),
        "nested": pa.array([[["a"]]]),
        "fixed": pa.array([b"abc"], pa.binary(3)),
        "list": pa.array([["a"]]),
        "binary": pa.array([b"\xff\xfe"]),
    }
    pq.write_table(pa.table(unreadable), os.path.join(directory, "unreadable.parquet"))
    pq.write_table(
        pa.Table.from_arrays([pa.array(["a"])] * 2, ["path", "path"]),
        os.path.join(directory, "double.parquet"),
    )
    pq.write_table(images(), os.path.join(directory, "brotli.parquet"), compression="brotli")
    return expected


def read(file):
    table = pq.read_table(file, page_checksum_verification=True)
    return {
        "schema": {field.name: str(field.type) for field in table.schema},
        "rows": [list(row.values()) for row in table.to_pylist()],
    }


def sizes(file):
    table = pq.read_table(file, page_checksum_verification=True)
    vectors = table.column("vector").combine_chunks()
    return {
        "rows": table.num_rows,
        "groups": pq.ParquetFile(file).metadata.num_row_groups,
        "values": len(vectors.flatten()) if len(table) else 0,
    }


command, *arguments = sys.argv[1:]
print(json.dumps({"tables": tables, "csv": convert, "read": read, "sizes": sizes}[command](*arguments)))

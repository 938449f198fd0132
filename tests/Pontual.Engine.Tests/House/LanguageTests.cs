using System.Text.RegularExpressions;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Engine.Tests.House;

public partial class LanguageTests
{
    // Words of the products' Portuguese documents that are no English words. Where one is a part of an English identifier by accident, it is left out.
    private static readonly HashSet<string> Portuguese =
    [
        "acao",
        "agendada",
        "agendado",
        "agendamento",
        "agendar",
        "alerta",
        "aniversario",
        "arquivo",
        "atendimento",
        "atendente",
        "ativa",
        "ativo",
        "atraso",
        "atualizado",
        "autorizacao",
        "aviso",
        "buscar",
        "cadastro",
        "calcular",
        "campanha",
        "canal",
        "canais",
        "chave",
        "cliente",
        "clientes",
        "conexao",
        "configuracao",
        "conversa",
        "conversas",
        "criado",
        "custo",
        "dados",
        "descricao",
        "destinatario",
        "deve",
        "dia",
        "dias",
        "disparo",
        "duracao",
        "empresa",
        "enviada",
        "enviado",
        "enviar",
        "envio",
        "erro",
        "erros",
        "executar",
        "execucao",
        "execucoes",
        "fila",
        "filas",
        "finalizar",
        "fuso",
        "grupo",
        "grupos",
        "historico",
        "hora",
        "horario",
        "horas",
        "iniciar",
        "inicio",
        "intervalo",
        "lembrete",
        "lembretes",
        "limite",
        "lista",
        "mensagem",
        "mensagens",
        "minuto",
        "minutos",
        "motivo",
        "nome",
        "novos",
        "numero",
        "padrao",
        "pagamento",
        "paciente",
        "pausar",
        "pausado",
        "pendente",
        "periodo",
        "prioridade",
        "processado",
        "processados",
        "processar",
        "proxima",
        "proximo",
        "provedores",
        "quantidade",
        "relatorio",
        "resposta",
        "resultado",
        "retomar",
        "rodando",
        "saude",
        "segundo",
        "segundos",
        "senha",
        "sessao",
        "sessoes",
        "sucesso",
        "tarefa",
        "tarefas",
        "telefone",
        "tempo",
        "tentativa",
        "tentativas",
        "texto",
        "tipo",
        "ultima",
        "ultimo",
        "usuario",
        "usuarios",
        "valor",
        "vencimento",
        "versao",
    ];

    // The edges where the documents' own names are the contract; holidays are called what the laws call them.
    private static readonly string[] Edges = ["/Compat/", "/Texts/", "/packs/", "/Calendars/Brazil/"];

    // Names in other people's answers that we read as they are.
    private static readonly string[] WireNames = ["total_processados"];

    [Fact(DisplayName = "X-02 Portuguese names stand only at the edges: Compat, packs, Texts, documents")]
    public void Portuguese_names_stand_only_at_the_edges()
    {
        var offences = Repository
            .Sources("src")
            .Where(file => !Array.Exists(Edges, edge => file.Replace('\\', '/').Contains(edge, StringComparison.Ordinal)))
            .SelectMany(file =>
                Found(WithoutWireNames(File.ReadAllText(file))).Select(word => $"{Path.GetRelativePath(Repository.Root, file)}: {word}")
            );

        offences.ShouldBeEmpty();
    }

    [Fact(DisplayName = "X-02 file and folder names are English outside the edges")]
    public void File_names_are_English_outside_the_edges()
    {
        var offences = Repository
            .Sources("src")
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(file => !Array.Exists(Edges, edge => file.Contains(edge, StringComparison.Ordinal)))
            .Where(file => Found(file).Any());

        offences.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("var intervaloHoras = 6;", new[] { "intervalo", "horas" })]
    [InlineData("class FilaDeEnvio;", new[] { "fila", "envio" })]
    [InlineData("\"proximo_run\"", new[] { "proximo" })]
    [InlineData("// A mensagem goes out.", new[] { "mensagem" })]
    [InlineData("string DESCRICAO;", new[] { "descricao" })]
    [InlineData("execução", new[] { "execucao" })]
    [InlineData("var profile = file.Name; Diagnostics.Media(horizon);", new string[0])]
    [InlineData("America/Sao_Paulo", new string[0])]
    public void The_rule_catches_what_it_should(string text, string[] words) => Found(text).ShouldBe(words);

    private static IEnumerable<string> Found(string text) =>
        Word().Matches(WithoutAccents(text)).Select(match => match.Value.ToLowerInvariant()).Where(Portuguese.Contains).Distinct();

    private static string WithoutWireNames(string text) =>
        WireNames.Aggregate(text, (rest, name) => rest.Replace(name, "", StringComparison.Ordinal));

    private static string WithoutAccents(string text) =>
        string.Create(
            text.Length,
            text,
            static (plain, accented) =>
            {
                for (var i = 0; i < plain.Length; i++)
                {
                    plain[i] = accented[i] switch
                    {
                        'á' or 'â' or 'ã' or 'à' => 'a',
                        'é' or 'ê' => 'e',
                        'í' => 'i',
                        'ó' or 'ô' or 'õ' => 'o',
                        'ú' => 'u',
                        'ç' => 'c',
                        var other => other,
                    };
                }
            }
        );

    // One word of camelCase, PascalCase, snake_case, UPPER_CASE or prose.
    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Word();
}
